"""One file for each step; each runs inside the transaction of `bot.archive.migrate`."""
