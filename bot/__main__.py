"""`python -m bot` is `digestbot`."""

from bot.cli import main

main(prog_name="digestbot")
