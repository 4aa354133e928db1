"""What travels between the rooms of the bot. Only data; the ports are in `bot.ports`."""
