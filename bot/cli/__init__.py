"""The command line. Exit 0: fine; 1: the job failed; 2: wrong usage or settings.

Data goes to stdout, words to stderr. Here is only what works without any package: after an update
of the code one may be missing that it needs.
"""

import sys
from importlib import import_module

from bot.cli.missing import remedy


def main(prog_name: str | None = None) -> None:
    """Do what the words of the command line say."""
    try:
        verbs = import_module("bot.cli.verbs")
    except ImportError as error:
        words = remedy(error, sys.argv[1:])
        if words is None:
            raise
        print(f"Error: {words}", file=sys.stderr)
        sys.exit(2)
    verbs.digestbot(prog_name=prog_name)
