"""What to do when a package is missing, or too old for this code: in words instead of a traceback.

Needs nothing but Python's standard library, and may not.
"""

import shlex
from collections.abc import Sequence
from pathlib import Path

OURS = frozenset({"bot", "formatters", "config"})
HOME = Path(__file__).resolve().parents[2]
"""The folder of a checkout, or that of all packages."""


def remedy(error: ImportError, words: Sequence[str], home: Path = HOME) -> str | None:
    """One sentence that names what is missing and the command that brings it.

    Args:
        error: while a module of ours was loaded.
        words: of the command line, which are to be done after all.
        home: where the code is.

    Returns:
        None if it is no other package's fault.
    """
    package = (error.name or "").partition(".")[0]
    if not package or package in OURS:
        return None
    missing = isinstance(error, ModuleNotFoundError)
    fault = "which is not installed" if missing else "of which another version is installed"
    return f"this version needs the package '{package}', {fault}: run {_command(words, home)}"


def _command(words: Sequence[str], home: Path) -> str:
    """In a checkout the set-up does the same words afterwards."""
    script = home / "deploy" / "dev.py"
    if not script.is_file():
        return "`pip install -U digestbot`"
    line = shlex.join(["python3", str(script), "run", *words])
    return f"`{line}`, which installs it first"
