"""Rows of the tables as the model's data, and back.

Only conversion. A row that does not fit its enum is a broken database and raises ValueError.
"""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import ScalarSelect, Select, and_, null, select
from sqlalchemy.engine import RowMapping

from bot.archive.tables import URGENT, deliveries, edits, pauses, posts
from bot.jotted import zone_name, zone_of
from bot.model.deliveries import Act, Delivery, DeliveryState, Draft
from bot.model.ids import ChannelId, DeliveryId, PostId, WorkspaceId
from bot.model.posts import Absence, Entry, Known, Meetup, PostState, Problem, Role
from bot.plan.gatherings import over_at
from bot.plan.payloads import fingerprint
from formatters.message import Message

OF_TARGET = ("seq", "channel", "part", "occasion", "ts", "rank")
"""What an edit takes from the row of the message that it changes."""


def entry_of(row: RowMapping) -> Entry:
    """A row of `posts`, whose columns are the fields of an entry."""
    return Entry(**{**row, "role": Role(row["role"]), "state": PostState(row["state"])})


def values_of_entry(entry: Entry) -> dict[str, object]:
    """Columns of `posts`."""
    values = asdict(entry) | {"role": entry.role.value, "state": entry.state.value}
    del values["passages"]
    return values


def known_of(row: RowMapping) -> Known:
    """A row of `posts` without its text."""
    return Known(**{**row, "state": PostState(row["state"])})


def absence_of(row: RowMapping) -> Absence | None:
    """What a row of `sources` tells of the last time in which nobody looked."""
    since, until = row["away_since"], row["away_until"]
    return Absence(since, until) if since and until else None


def meetup_of(row: RowMapping) -> Meetup:
    """A row of `meetups`, its times in its own zone again."""
    zone = zone_of(row["zone"])
    return Meetup(
        post=PostId(row["post"]),
        title=row["title"],
        start=row["start"] and row["start"].astimezone(zone),
        end=row["end"] and row["end"].astimezone(zone),
        all_day=row["all_day"],
        place=row["place"],
        online=row["online"],
        kind=row["kind"],
        register_url=row["register_url"],
        url=row["url"],
        live_url=row["live_url"],
        replay_url=row["replay_url"],
        speakers=row["speakers"],
        phrase=row["phrase"],
        image=row["image"],
        recap=row["recap"],
        cancelled=row["cancelled"],
    )


def values_of_meetup(meetup: Meetup) -> dict[str, object]:
    """Columns of `meetups`: its fields, and what queries need to know of its times."""
    return {**asdict(meetup), "over": over_at(meetup), "zone": zone_name(meetup.start)}


def values_of_draft(draft: Draft) -> dict[str, object]:
    """Columns of a new row of `deliveries`."""
    return {
        "id": draft.id,
        "post": draft.post,
        "revision": draft.revision,
        "channel": draft.channel,
        "part": draft.part,
        "occasion": draft.occasion,
        "text": draft.message.text,
        "blocks": list(draft.message.blocks),
        "state": draft.state.value,
        "reason": draft.reason,
        "attempts": 0,
        "claim": 0,
        "due_at": draft.due_at,
        "workspace": draft.workspace,
        "rank": URGENT if draft.urgent else URGENT + 1,
        "fingerprint": fingerprint(draft.message),
        "rung": 0,
        "unsure": 0,
    }


def delivery_rows() -> Select[tuple[object, ...]]:
    """Deliveries with what their parts need to know of the message they stand under."""
    row = deliveries
    paused = and_(pauses.c.workspace == row.c.workspace, pauses.c.channel == row.c.channel)
    return select(
        row,
        _of_parent("ts").label("thread_ts"),
        _of_parent("state").label("parent_state"),
        _of_parent("attempted_at").label("parent_at"),
        pauses.c.reason.label("pause"),
        posts.c.url,
        posts.c.title,
    ).select_from(row.outerjoin(pauses, paused).outerjoin(posts, posts.c.id == row.c.post))


def _of_parent(column: str) -> ScalarSelect[object]:
    """What stands in the row of the message that a part stands under.

    One by one for each row: a join, where a database knows nothing of the table yet, reads all of it.
    """
    row, parent = deliveries, deliveries.alias()
    return (
        select(parent.c[column])
        .where(
            row.c.part > 0,
            parent.c.part == 0,
            parent.c.post == row.c.post,
            parent.c.revision == row.c.revision,
            parent.c.channel == row.c.channel,
            parent.c.workspace == row.c.workspace,
            parent.c.occasion == row.c.occasion,
        )
        .correlate(row)
        .scalar_subquery()
    )


def edit_rows() -> Select[tuple[object, ...]]:
    """Edits as deliveries: where the message stands is known from the row that brought it."""
    target = [deliveries.c[name] for name in OF_TARGET]
    return select(
        edits,
        *target,
        null().label("thread_ts"),
        null().label("parent_state"),
        null().label("parent_at"),
        null().label("unsure"),
        null().label("pause"),
        posts.c.url,
        posts.c.title,
    ).select_from(
        edits.join(deliveries, deliveries.c.id == edits.c.id).outerjoin(
            posts, posts.c.id == edits.c.post
        )
    )


def delivery_of(row: RowMapping) -> Delivery:
    """A row of `delivery_rows` or `edit_rows`."""
    parent = row["parent_state"]
    return Delivery(
        id=DeliveryId(row["id"]),
        seq=row["seq"],
        post=PostId(row["post"]),
        revision=row["revision"],
        channel=ChannelId(row["channel"]),
        part=row["part"],
        occasion=row["occasion"],
        message=Message(text=row["text"], blocks=tuple(row["blocks"])),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        due_at=row["due_at"],
        attempted_at=row["attempted_at"],
        ts=row["ts"],
        thread_ts=row["thread_ts"],
        parent_state=None if parent is None else DeliveryState(parent),
        reason=row["reason"],
        claim=row["claim"],
        workspace=WorkspaceId(row["workspace"]),
        kind=Act(row["kind"]) if "kind" in row else Act.POST,
        urgent=row["rank"] == URGENT,
        fingerprint=row["fingerprint"],
        rung=row["rung"],
        pause=row["pause"] or "",
        url=row["url"] or "",
        parent_at=row["parent_at"],
        unsure=row["unsure"] or 0,
        title=row["title"] or "",
    )


def stored_problems(problems: Sequence[Problem]) -> list[list[str]]:
    """The column `problems` of a source."""
    return [[problem.path, problem.words] for problem in problems]


def problems_of(source: str, stored: Sequence[Sequence[str]]) -> tuple[Problem, ...]:
    """What `stored_problems` stored."""
    return tuple(Problem(source, path, words) for path, words in stored)
