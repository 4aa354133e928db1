"""An embedded local Slack: another Slack, not another bot.

It knows the wire and the published rules, nothing of the bot; it listens on loopback only.
"""
