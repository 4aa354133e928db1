"""Posts on their way from a source into the archive and back: what was found, read, decided, asked for.

Only data. Every datetime is aware and in UTC unless its field says otherwise.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.ids import PostId


class Role(StrEnum):
    """What the posts of a source are."""

    ISSUES = "issues"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Found:
    """A post's file as a source has it now: raw text, header included.

    The path's ending tells how the text is written: `.html` is HTML below the header, everything
    else Markdown. `aliases` are other paths under which the same post may be known of old.
    """

    source: str
    path: str
    text: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing at a source that a person must mend; it never stops the others.

    `path` is "" when the whole source is meant. `words` name the thing, the place, the way out.
    """

    source: str
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at a source.

    `found` holds the files that are new or changed since this process looked last (all of them
    on its first look); `paths` every file that is there, changed or not. `complete` is False
    where a source shows its newest posts alone, as feeds do: what it does not name may still exist.
    `asked` is False where the far side was left in peace, as it wants: then `paths` and `problems`
    are those of the last look.
    """

    found: tuple[Found, ...]
    paths: frozenset[str]
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    asked: bool = True


class PostState(StrEnum):
    """Where a post stands. UNDECIDED ones are looked at again at every round."""

    UNDECIDED = "undecided"  # found; waits for its time or for the settle window
    ANNOUNCED = "announced"  # delivery rows exist
    SKIPPED = "skipped"  # baseline, draft, expired, a meetup page: stays out, with a reason
    HELD = "held"  # a maintainer is asked; `repost` sends it


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a post's text for search; `weight` is 0 for what stands in every issue."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in the archive.

    `id` is made of the path at which it was first found and stays when the file moves; `path` is
    where it stands now. `revision` is the hash of its raw `text`. `date` is when readers see it,
    None for an undated post.
    `number` is the issue number that the post gives itself; `first_run` marks what was already
    there when its source was looked at for the first time. `plain` is what a reader sees of it,
    without marks; it is what search reads. `told` is the revision that the channels were told
    last, None if nobody was. `prints` and `standing` are the traces by which younger issues know
    what stands in every issue (`formatters.standing`). `gone_at` tells since when its file is gone from the source. `ask`
    marks what maintainers have not been told yet. `passages` are for the search index alone: an
    archive takes them and does not give them back.
    """

    id: PostId
    source: str
    role: Role
    path: str
    revision: str
    title: str
    date: datetime | None
    number: int | None
    language: str
    url: str
    text: str
    draft: bool
    expires: datetime | None
    first_run: bool
    first_seen: datetime
    changed_at: datetime
    state: PostState = PostState.UNDECIDED
    reason: str = ""
    plain: str = ""
    guid: str = ""
    told: str | None = None
    gone_at: datetime | None = None
    ask: bool = False
    prints: str = ""
    standing: str = ""
    passages: tuple[Passage, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What discovery has to know of an archived post, without its text."""

    id: PostId
    path: str
    revision: str
    state: PostState
    reason: str
    title: str = ""
    url: str = ""
    guid: str = ""
    draft: bool = False
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which nobody looked at a source: from the last look before it to the first after."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is archived of a source.

    `reader` is the version of the reader that read it, `looked_at` the last look that succeeded,
    `absence` the last time in which there was none.
    """

    reader: int
    posts: tuple[Known, ...]
    looked_at: datetime | None = None
    absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class Meetup:
    """An announced event, stored. `start` and `end` are aware, in the event's own zone.

    `start` is None for an undated one; `all_day` tells that no time was given, and that both are
    midnights of the first and the last day. `phrase` is what the post says of the time, `image`
    the picture that tells an undated one, `recap` marks what is told in review.
    """

    post: PostId
    title: str
    start: datetime | None
    end: datetime | None
    all_day: bool
    place: str
    online: bool
    kind: str
    register_url: str
    url: str
    live_url: str = ""
    replay_url: str = ""
    speakers: str = ""
    phrase: str = ""
    image: str = ""
    recap: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a post, and why, in words that `why` and `plan` print.

    `was` is the state it was decided from: if the post is in another one by now, somebody else
    has decided, and nothing is written. `ask` has it told to the maintainers.
    """

    post: PostId
    state: PostState
    reason: str
    was: PostState = PostState.UNDECIDED
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result, best first.

    `snippet` is plain text around the first match; `marks` are the stretches of it, from and up
    to a character, that were looked for.
    """

    entry: Entry
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """A text that a post once had, under the path at which it was found."""

    revision: str
    path: str
    title: str
    text: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source fares. `failures` counts in a row; `problems` are the open ones."""

    source: str
    last_ok: datetime | None
    failures: int
    problems: tuple[Problem, ...]
