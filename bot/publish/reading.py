"""What a source has found, as entries of the archive.

Calls the formatters; one post that cannot be read stops no other.
"""

import hashlib
import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from types import coroutine

from bot.agenda import CALENDAR_FILE
from bot.aside import Aside, at_once
from bot.ical.files import meetups_of
from bot.model.ids import PostId
from bot.model.posts import Entry, Found, Meetup, Problem, Role
from bot.publish.text import passages, plain_text
from formatters.document import Post, PostError, Site
from formatters.events import Event, find_events
from formatters.identity import no_post
from formatters.prints import Line, lines_of
from formatters.read import read_post

logger = logging.getLogger(__name__)


READER = 3
"""The version of what is read into an entry. A higher one has every post read again, quietly."""


@dataclass(frozen=True, slots=True)
class Read:
    """A post, read: its entry, the meetups it announces, the other names it goes by, its lines."""

    entry: Entry
    meetups: tuple[Meetup, ...]
    aliases: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()

    def named(self, post: PostId) -> "Read":
        """The same with another id."""
        entry = replace(self.entry, id=post)
        return replace(
            self, entry=entry, meetups=tuple(replace(m, post=post) for m in self.meetups)
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """Posts that were read, and the files that are none."""

    posts: tuple[Read, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """What all posts of one look have in common. `now` is when they were found, UTC.

    Files in `history` were there all along, though only now they can be read.
    """

    site: Site
    role: Role
    now: datetime
    first_run: bool
    aside: Aside = at_once
    history: frozenset[str] = frozenset()

    async def read(self, found: Sequence[Found]) -> Reading:
        """Read posts one after the other, letting others work in between."""
        posts: list[Read] = []
        problems: list[Problem] = []
        for one in _posts(found):
            try:
                posts.append(await self.aside(partial(self._read, one)))
            except PostError as error:
                problems.append(Problem(one.source, one.path, str(error)))
            except Exception as error:
                # A fault of ours in one post must not silence a whole community.
                logger.exception("post.not_read source=%s path=%s", one.source, one.path)
                words = f"the bot failed to read it ({type(error).__name__}): see its log"
                problems.append(Problem(one.source, one.path, words))
            await breathe()
        return Reading(tuple(posts), tuple(problems))

    def _read(self, found: Found) -> Read:
        post = read_post(found.text, path=found.path, site=self.site)
        entry = Entry(
            id=PostId(f"{found.source}:{found.path}"),
            source=found.source,
            role=self.role,
            path=found.path,
            revision=revision_of(found.text),
            title=post.header.title or found.path,
            date=_in_utc(post.header.date),
            number=post.number,
            language=post.language,
            url=post.url,
            text=found.text,
            draft=post.header.draft,
            expires=_in_utc(post.header.expires),
            first_run=self.first_run or found.path in self.history,
            first_seen=self.now,
            changed_at=self.now,
            plain=plain_text(post),
            guid=post.header.extra.get("guid") or post.header.extra.get("id", ""),
            passages=passages(post),
        )
        meetups = self._meetups(post, entry)
        lines = tuple(line for line in lines_of(post) if line.print)
        return Read(entry, meetups, (*found.aliases, *post.header.aliases), lines)

    def _meetups(self, post: Post, entry: Entry) -> tuple[Meetup, ...]:
        """What it tells of meetups: in its prose, or word for word where a calendar wrote it."""
        if entry.path.endswith(CALENDAR_FILE):
            return meetups_of(entry.text, entry.id, entry.url)
        return tuple(_meetup(event, entry) for event in find_events(post, site=self.site))


def _posts(found: Sequence[Found]) -> Iterator[Found]:
    """What was found without the pages of a site that are no posts."""
    for one in found:
        why = no_post(one.path)
        if why:
            logger.info(
                "file.passed_over source=%s path=%s reason=%s", one.source, one.path, why
            )
        else:
            yield one


def revision_of(text: str) -> str:
    """The hash of a post's raw text: the same text has the same one, on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@coroutine
def breathe() -> Generator[None, None, None]:
    """Let other tasks run, as a sleep of no length does.

    Reading hundreds of posts takes seconds, and Slack wants an answer within three.
    """
    yield


def _meetup(event: Event, entry: Entry) -> Meetup:
    return Meetup(
        post=entry.id,
        title=event.title,
        start=event.start,
        end=event.end,
        all_day=event.all_day,
        place=event.place,
        online=event.online,
        kind=event.kind,
        register_url=event.register_url,
        url=entry.url,
        live_url=event.live_url,
        replay_url=event.replay_url,
        speakers=event.speakers,
        phrase=event.phrase,
        image=event.image,
        recap=event.recap,
        cancelled=event.cancelled,
    )


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
