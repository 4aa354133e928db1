"""What is wrong with the settings, one value per fault.

Pure. Words never hold a secret: whoever makes a problem keeps such values out.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from typing_extensions import override

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands: keys of mappings and places in lists, from the top."""


def key_name(path: KeyPath) -> str:
    """Write a path as an operator reads it: `channels[0].send.at`."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def one_of(word: str, known: Iterable[str]) -> str:
    """Say which of the known words was meant, or name them all."""
    words = sorted(known)
    nearest = difflib.get_close_matches(word.lower(), words, n=1)
    return f"did you mean '{nearest[0]}'?" if nearest else f"known: {', '.join(words)}"


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One fault. `line` counts from 1; 0 where the file as a whole or the environment is meant.

    `file` is a path as given, or `environment`; `key` is a dotted key or a variable's name.
    """

    file: str
    line: int
    key: str
    words: str

    @override
    def __str__(self) -> str:
        """`file:line: key: words`, leaving out what is not known."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, self.words) if part)


class SettingsError(ValueError):
    """Settings that cannot be used.

    Args:
        problems: every fault that was found, at least one.
    """

    def __init__(self, problems: Sequence[SettingProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
