"""What lint hands out: a place in a file, and what to mend there.

Only data. The words are in the message files, under `lint.<code>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from formatters.phrases import words

Values: TypeAlias = tuple[tuple[str, str], ...]


class Level(StrEnum):
    """How much it matters."""

    ERROR = "error"  # something is lost or cannot be published
    WARNING = "warning"  # readers will stumble over it
    HINT = "hint"  # worth a look


LEVELS: Mapping[str, Level] = {
    "file-unreadable": Level.ERROR,
    "header-unreadable": Level.ERROR,
    "header-missing": Level.ERROR,
    "title-missing": Level.ERROR,
    "title-placeholder": Level.ERROR,
    "title-cut": Level.WARNING,
    "date-missing": Level.ERROR,
    "date-unreadable": Level.ERROR,
    "date-contradiction": Level.WARNING,
    "number-contradiction": Level.WARNING,
    "emphasis-shown": Level.WARNING,
    "heading-empty": Level.WARNING,
    "heading-jump": Level.HINT,
    "image-alt-empty": Level.WARNING,
    "image-alt-generic": Level.WARNING,
    "image-broken": Level.ERROR,
    "image-format": Level.WARNING,
    "link-anchor": Level.WARNING,
    "link-broken": Level.ERROR,
    "link-empty": Level.WARNING,
    "link-placeholder": Level.ERROR,
    "link-relative": Level.HINT,
    "link-scheme": Level.WARNING,
    "link-shown": Level.WARNING,
    "event-contradiction": Level.WARNING,
    "event-past": Level.WARNING,
    "event-poster": Level.WARNING,
    "event-registration-past": Level.WARNING,
    "event-without-year": Level.HINT,
    "html-unknown": Level.HINT,
    "mention": Level.HINT,
    "placeholder": Level.WARNING,
    "too-long": Level.HINT,
    "zero-width": Level.HINT,
}
"""Every code there is, and its level."""


@dataclass(frozen=True, slots=True, order=True)
class Advice:
    """One piece of advice. `line` counts from 1 in the file; `values` fill the gaps of its words."""

    line: int
    code: str
    values: Values = ()

    @property
    def level(self) -> Level:
        """How much it matters."""
        return LEVELS[self.code]

    def message(self, language: str) -> str:
        """What is wrong, in a sentence."""
        return words(language, f"lint.{self.code}.says", **dict(self.values))

    def remedy(self, language: str) -> str:
        """What the author can do."""
        return words(language, f"lint.{self.code}.do", **dict(self.values))
