"""One message in the place of several posts that a channel missed.

Pure. The id of the message is made of those whose place it takes: whoever makes it makes the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import uuid5

from bot.model.deliveries import (
    Delivery,
    DeliveryState,
    Draft,
    Edit,
    Roundup,
    Standing,
)
from bot.model.ids import ChannelId, DeliveryId, PostId, WorkspaceId
from bot.model.posts import Entry
from bot.plan.drafts import NAMESPACE, wording
from bot.plan.edits import recalls, updated
from bot.plan.pausing import MISSED, missed
from bot.plan.payloads import fingerprint
from bot.reasons import key_of, reason, value_of
from config.settings import Settings
from formatters.message import Message
from formatters.roundup import Issue, roundup

ROUNDUP = "roundup"
"""The occasion of its rows."""
NAMED = "in-roundup"
"""Key of the reason of rows whose post it names."""


@dataclass(frozen=True, slots=True)
class Row:
    """A message that stays back, and what the one in its place says of its post."""

    id: DeliveryId
    workspace: WorkspaceId
    channel: ChannelId
    part: int
    due_at: datetime
    post: PostId
    title: str
    url: str

    @classmethod
    def of(cls, row: Delivery | Draft, title: str, url: str) -> Self:
        """Of a row that is written, or is about to be."""
        return cls(
            row.id, row.workspace, row.channel, row.part, row.due_at, row.post, title, url
        )


@dataclass(frozen=True, slots=True)
class Missed:
    """What stays back of what was missed while nobody was at work, and what comes instead."""

    rows: tuple[Delivery, ...]
    roundups: tuple[Roundup, ...] = ()

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """The first messages of what comes instead."""
        return tuple(one.drafts[0] for one in self.roundups)

    def as_kept(self, row: Delivery) -> Delivery:
        """A row as it is then."""
        words = {id_: one.reason for one in self.roundups for id_ in one.rows}
        if all(row.id != one.id for one in self.rows):
            return row
        return replace(row, state=DeliveryState.HELD, reason=words.get(row.id, MISSED))


def caught_up(overdue: Sequence[Delivery], *, settings: Settings, now: datetime) -> Missed:
    """What becomes of rows that were due long ago, as the settings want it.

    Args:
        overdue: planned ones, in order of `seq`.
        settings: `publish.catch_up`, and how a channel is spoken to.
        now: aware, UTC.
    """
    policy = settings.publish.catch_up
    held = missed(overdue, policy=policy, now=now)
    back = tuple(row for row in overdue if row.id in held)
    if policy != "digest":
        return Missed(back)
    return Missed(back, roundups(back, settings=settings, now=now))


def together(
    decided: Iterable[tuple[Entry, Sequence[Draft]]], *, settings: Settings, now: datetime
) -> tuple[Roundup, ...]:
    """A message for each channel that would get several of the posts at once.

    What waits for a maintainer's approval is not in it: that is asked of each by itself.

    Args:
        decided: posts, oldest first, with the rows that are written for them.
        settings: as for `roundups`.
        now: aware, UTC.
    """
    rows = [
        Row.of(draft, entry.title, entry.url)
        for entry, drafts in decided
        for draft in drafts
        if draft.state is DeliveryState.PLANNED
    ]
    heads = Counter((row.workspace, row.channel) for row in rows if row.part == 0)
    several = [row for row in rows if heads[row.workspace, row.channel] > 1]
    return _each(several, settings, now)


def roundups(
    rows: Sequence[Delivery], *, settings: Settings, now: datetime
) -> tuple[Roundup, ...]:
    """A message for each channel.

    Args:
        rows: of the posts that stay back, in order of `seq`, their threads included.
        settings: which language a channel has, and a community's own words.
        now: aware, UTC.
    """
    return _each([Row.of(row, row.title, row.url) for row in rows], settings, now)


def naming(standing: Iterable[Standing]) -> tuple[str, ...]:
    """The reasons for which rows of a post stay back, of those that are named by others: one a channel."""
    rows = [one.delivery for one in standing if one.delivery.state is DeliveryState.HELD]
    return tuple(dict.fromkeys(row.reason for row in rows if key_of(row.reason) == NAMED))


def named_by(why: str) -> PostId:
    """What the rows of the message belong to that names the posts that stay back for a reason."""
    return PostId(value_of(why, "about"))


def renamed(
    why: str,
    rows: Sequence[Delivery],
    there: Sequence[Standing],
    *,
    settings: Settings,
    now: datetime,
) -> tuple[Edit, ...]:
    """What a message becomes whose posts have changed, or were recalled.

    Args:
        why: the reason for which the rows stay back.
        rows: those that still do, in order of `seq`.
        there: the message as it stands, or will.
        settings: a community's own words.
        now: aware, UTC.
    """
    issues = [Issue(row.title, row.url) for row in rows if row.part == 0]
    language = value_of(why, "lang") or settings.site.language
    made = roundup(issues, language=language, wording=wording(settings)) if issues else ()
    stands = [one for one in there if not one.ours]
    if len(made) > len(stands) or any(one.gone for one in stands):
        return ()  # what it says now has no room in it, or somebody deleted a part of it
    return (
        *(
            updated(one.delivery, message, now, reason("corrected"))
            for one, message in zip(stands, made, strict=False)
            if one.fingerprint != fingerprint(message)
        ),
        *recalls(stands[len(made) :], strike=False, now=now),
    )


def _each(rows: Sequence[Row], settings: Settings, now: datetime) -> tuple[Roundup, ...]:
    channels: dict[tuple[WorkspaceId, ChannelId], list[Row]] = {}
    for row in rows:
        channels.setdefault((row.workspace, row.channel), []).append(row)
    languages = {one.id: one.language for one in settings.channels if one.language}
    composed: dict[tuple[str, tuple[Issue, ...]], tuple[Message, ...]] = {}
    made = []
    for mine in channels.values():
        language = languages.get(mine[0].channel, settings.site.language)
        key = (language, tuple(Issue(row.title, row.url) for row in mine if row.part == 0))
        if key not in composed:  # as a rule many channels missed the same
            composed[key] = roundup(key[1], language=language, wording=wording(settings))
        made.append(_roundup(mine, composed[key], language, now))
    return tuple(made)


def _roundup(
    rows: Sequence[Row], messages: Sequence[Message], language: str, now: datetime
) -> Roundup:
    """It comes at the channel's own moment, where that is still to come."""
    hashed = uuid5(NAMESPACE, "|".join(sorted(row.id for row in rows))).hex
    about = PostId(f":roundup {hashed}")
    heads = [row for row in rows if row.part == 0]
    kept: Mapping[str, str | int] = {"count": len(heads), "about": about, "lang": language}
    return Roundup(
        rows=frozenset(row.id for row in rows),
        reason=reason(NAMED, **kept),
        drafts=tuple(
            Draft(
                id=DeliveryId(uuid5(NAMESPACE, f"{about}|{part}").hex),
                post=about,
                revision="",
                channel=rows[0].channel,
                part=part,
                occasion=ROUNDUP,
                message=message,
                due_at=max(now, *(row.due_at for row in heads)),
                reason=reason("roundup", count=len(heads), names=", ".join(_named(heads))),
                workspace=rows[0].workspace,
            )
            for part, message in enumerate(messages)
        ),
    )


def _named(heads: Sequence[Row]) -> list[str]:
    return [row.title or row.post for row in heads]
