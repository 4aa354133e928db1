"""What maintainers put in the place of our own words: header, footer and single sentences.

Pure. Their files arrive as text; what they write becomes words or Markdown, never structure,
and what fails gives way to our own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

import yaml

from formatters import phrases
from formatters.templates import (
    Address,
    BadTemplateError,
    Sentences,
    nearest,
    read_template,
)

Place: TypeAlias = Literal["header", "footer"]
PLACES: tuple[Place, ...] = ("header", "footer")

FULL: Mapping[str, object] = {
    "title": "Example Weekly 12",
    "number": 12,
    "date": "4 March 2026",
    "year": 2026,
    "month": 3,
    "day": 4,
    "url": Address("https://example.org/weekly/12/"),
    "authors": ("Ada", "Grace"),
    "description": "What happened this week",
    "tags": ("weekly",),
    "sections": ("News", "Events"),
    "site": "Example",
    "language": "en",
    "style": "thread",
}
"""What a header or footer may use, each with an example; the runbook explains them."""
EMPTY: Mapping[str, object] = {
    **dict.fromkeys(FULL, ""),
    **dict.fromkeys(("number", "year", "month", "day")),
    **dict.fromkeys(("authors", "tags", "sections"), ()),
    "url": Address(""),
}
"""The same of a post that tells nothing."""

_WORDS = ("card.", "part.", "picture.", "month.")  # keys of a digest's own words
_NAME = re.compile(r"(header|footer|words)(?:\.(\w+))?\.(md|ya?ml)")
_NAMES = "header.md, footer.md, words.yaml, each also for one language as header.zh.md"


@dataclass(frozen=True, slots=True)
class WordingFault:
    """What is wrong with a file of templates. `line` counts from 1, 0 = the file as a whole."""

    file: str
    line: int
    words: str


class WordingError(ValueError):
    """Templates that cannot be used, with all faults that were found."""

    def __init__(self, faults: Sequence[WordingFault]) -> None:
        super().__init__("\n".join(f"{f.file}:{f.line}: {f.words}" for f in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates of one community, each under its language and place or key.

    `site` is the site's name, for templates that say it.
    """

    site: str = ""
    around: Mapping[tuple[str, Place], Sentences] = field(default_factory=dict)
    words: Mapping[tuple[str, str], Sentences] = field(default_factory=dict)


OURS = Wording()
"""Nothing is put in the place of our own words."""


@lru_cache(maxsize=8)
def wording_of(files: tuple[tuple[str, str], ...], site: str = "") -> Wording:
    """Read a community's templates.

    Args:
        files: (name, text) of each file; a name may be a whole path.
        site: the site's name.

    Raises:
        WordingError: with every fault in them.
    """
    faults: list[WordingFault] = []
    around: dict[tuple[str, Place], Sentences] = {}
    words: dict[tuple[str, str], Sentences] = {}
    for file, text in files:
        found = _NAME.fullmatch(file.rpartition("/")[2])
        language = (found[2] or "") if found else ""
        if not found or (found[1] == "words") is (found[3] == "md"):
            faults.append(WordingFault(file, 0, f"is no template's name; known: {_NAMES}"))
        elif language and language not in phrases.LANGUAGES:
            known = nearest(language, phrases.LANGUAGES)
            faults.append(WordingFault(file, 0, f"there is no language '{language}'; {known}"))
        elif found[1] == "words":
            for key, made in _sentences(file, text, language, faults):
                words[language, key] = made
        else:
            place: Place = "header" if found[1] == "header" else "footer"
            try:
                around[language, place] = _tried(read_template(text, FULL, markdown=True))
            except BadTemplateError as error:
                faults.append(WordingFault(file, error.line, error.words))
    if faults:
        raise WordingError(faults)
    return Wording(site, around, words)


def _tried(made: Sentences) -> Sentences:
    """A template that can do with a full post and with an empty one."""
    for values in (FULL, EMPTY):
        made.write(values)
    return made


def _sentences(
    file: str, text: str, language: str, faults: list[WordingFault]
) -> Iterator[tuple[str, Sentences]]:
    """The sentences in a file of words, by their keys."""
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        faults.append(WordingFault(file, line, f"is no YAML: {error.problem}"))
        return
    except yaml.YAMLError as error:
        faults.append(WordingFault(file, 0, f"is no YAML: {error}"))
        return
    for key, line, said in _flat(tree, "", 1):
        try:
            yield key, _sentence(key, said, language)
        except BadTemplateError as error:
            at = line + max(error.line - 1, 0)
            faults.append(WordingFault(file, at, f"{key}: {error.words}"))


def _flat(node: yaml.Node | None, way: str, line: int) -> Iterator[tuple[str, int, str | None]]:
    """Each sentence with the way to it and its line, None where there is none."""
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            name = f"{way}.{key.value}" if way else str(key.value)
            yield from _flat(inner, name, key.start_mark.line + 1)
    elif node is not None:
        is_text = isinstance(node, yaml.ScalarNode)
        yield way, line, str(node.value) if is_text else None


def _sentence(key: str, said: str | None, language: str) -> Sentences:
    """A sentence in the place of one of ours.

    Raises:
        BadTemplateError: there is no such sentence, or it cannot say what is needed.
    """
    ours = {
        known
        for known in phrases.keys(language or phrases.LANGUAGES[0])
        if known.startswith(_WORDS)
    }
    if key not in ours:
        raise BadTemplateError(0, f"is no sentence of a digest; {nearest(key, ours)}")
    if said is None:
        raise BadTemplateError(0, "must be text")
    gaps = {name: _GAPS.get(name, "words") for name in phrases.gaps(language, key)}
    made = read_template(said, gaps, markdown=False)
    if not made.write(gaps).strip():
        raise BadTemplateError(0, "says nothing")
    return made


_GAPS: Mapping[str, object] = {"number": 12, "count": 3, "part": 2, "year": 2026, "day": 4}


# ------------------------------------------------------------------ speaking


class Voice:
    """The words of a digest in one language. `problems` keeps what templates failed to say."""

    def __init__(self, language: str, wording: Wording = OURS) -> None:
        self.language = phrases.spoken_language(language)
        self.problems: list[str] = []
        self._wording = wording

    @property
    def site(self) -> str:
        """The site's name."""
        return self._wording.site

    def say(self, key: str, **values: object) -> str:
        """Say a sentence for a plain text, on one line and never blank."""
        words = self._wording.words
        made = words.get((self.language, key)) or words.get(("", key))
        said = self._written(key, made, values) if made else ""
        return " ".join(said.split()) or phrases.words(self.language, key, **values)

    def markdown(self, place: Place, values: Mapping[str, object]) -> str:
        """What a template writes at a place, "" where there is none or it fails."""
        around = self._wording.around
        made = around.get((self.language, place)) or around.get(("", place))
        return self._written(place, made, values) if made else ""

    def has(self, place: Place) -> bool:
        """Whether there is a template for a place."""
        around = self._wording.around
        return (self.language, place) in around or ("", place) in around

    def refuse(self, place: str, why: str) -> None:
        """Keep a problem for the log."""
        self.problems.append(f"{place}: {why}")

    def _written(self, name: str, made: Sentences, values: Mapping[str, object]) -> str:
        try:
            return made.write(values)
        except BadTemplateError as error:
            line = f" (line {error.line})" if error.line else ""
            self.refuse(name, f"{error.words}{line}")
            return ""
