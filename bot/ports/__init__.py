"""The ports: what the middle asks of the rim, with the whole behaviour written down.

Only Protocols. Every datetime is aware and in UTC.
"""
