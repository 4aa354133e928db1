"""What of a whole history's headings and standing text is known: for a report over a corpus.

Pure. A heading has a kind if its own words name one, if the heading above it hands one down, or if
it is the issue's title. What has none is of the kind `other` for lack of a better one, and counts
as not recognised; `other` by its own words (a review of events, a farewell) counts as a kind.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from formatters.document import Post, Profile, SectionKind
from formatters.kinds import Named, kinds_of
from formatters.prints import lines_of
from formatters.sections import plain
from formatters.standing import WINDOW, Traces, standing_in, traces


class Source(StrEnum):
    """Where a heading's kind comes from."""

    WORDS = "words"
    ABOVE = "above"
    TITLE = "title"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class HeadingUse:
    """A heading as it is used in posts. `path` and `line` tell the first place; `count` how often."""

    title: str
    kind: SectionKind
    source: Source
    count: int
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """All headings of posts, the most used first, and the letters in them.

    `standing` of the `letters` stand, if the posts with dates are read in their order.
    """

    posts: int
    headings: tuple[HeadingUse, ...]
    letters: int
    standing: int

    @property
    def total(self) -> int:
        """How many headings there are."""
        return sum(one.count for one in self.headings)

    def by(self, source: Source) -> int:
        """How many headings have their kind from there."""
        return sum(one.count for one in self.headings if one.source is source)

    @property
    def share(self) -> float:
        """The part of all headings that has a kind, 1 if there is none."""
        return 1 - self.by(Source.NONE) / self.total if self.total else 1.0


def recognised(posts: Sequence[Post], profile: Profile) -> Recognised:
    """Report on posts that were read with this profile, in any order."""
    uses: Counter[tuple[str, SectionKind, Source]] = Counter()
    first: dict[tuple[str, SectionKind, Source], tuple[str, int]] = {}
    for post in posts:
        for use, line in _headings(post, profile):
            uses[use] += 1
            first.setdefault(use, (post.path, line))
    letters, standing = _standing(posts)
    return Recognised(
        posts=len(posts),
        headings=tuple(
            HeadingUse(*use, count, *first[use]) for use, count in uses.most_common()
        ),
        letters=letters,
        standing=standing,
    )


def _headings(
    post: Post, profile: Profile
) -> Iterator[tuple[tuple[str, SectionKind, Source], int]]:
    named = kinds_of(profile).named
    for section in post.sections:
        title = " ".join(plain(section.title).split())
        if title:
            yield (
                (title, section.kind, _source(section.kind, named(plain(section.title)))),
                section.line,
            )


def _source(kind: SectionKind, named: Named | None) -> Source:
    if named is not None and named.kind is kind:
        return Source.WORDS
    if kind is SectionKind.INTRO:
        return Source.TITLE
    return Source.NONE if kind is SectionKind.OTHER else Source.ABOVE


def _standing(posts: Iterable[Post]) -> tuple[int, int]:
    """Letters of dated posts, and how many of them stand."""
    past: list[Traces] = []
    letters = standing = 0
    for post in sorted(posts, key=_age):
        if post.header.date is None:
            continue
        lines = list(lines_of(post))
        past.insert(0, traces(lines, past[:WINDOW]))
        stands = standing_in(past[0].prints)
        letters += sum(len(line.text) for line in lines)
        standing += sum(len(line.text) for line in lines if line.print in stands)
    return letters, standing


def _age(post: Post) -> tuple[float, str]:
    date = post.header.date
    return (date.timestamp() if date else 0.0, post.path)
