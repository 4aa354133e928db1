"""Places where posts are published, each behind the port `bot.ports.outside.Source`."""
