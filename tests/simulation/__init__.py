"""Months of a community lived through on a clock of their own, and reckoned up at the end.

Real are discovery, plan, archive, delivery and the files; Slack is the sandbox, as strict as its limits.
`script` says what happens, `life` lets it happen, `reckoning` compares source, rows and channels.
"""
