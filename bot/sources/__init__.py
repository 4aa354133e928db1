"""Places where posts are published, each behind the port `bot.ports.Source`."""
