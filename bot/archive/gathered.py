"""Rows of gatherings and corrections as the agenda's data, and back.

Only conversion.
"""

from datetime import datetime

from sqlalchemy.engine import RowMapping

from bot.agenda import Correction, Gathering, GatheringState
from bot.archive.rows import meetup_of, values_of_meetup
from bot.jotted import jotted, meetup_in, zone_of
from bot.model.ids import PostId, UserId


def gathering_of(row: RowMapping) -> Gathering:
    """A row of `gatherings`, its times in its own zone again."""
    moved = row["moved_from"]
    return Gathering(
        uid=row["uid"],
        meetup=meetup_of(row),
        sources=tuple(PostId(post) for post in row["sources"]),
        moved_from=moved and moved.astimezone(zone_of(row["zone"])),
        posted=row["posted"],
        state=GatheringState(row["state"]),
        sequence=row["sequence"],
        changed_at=row["changed_at"],
        by_hand=row["by_hand"],
    )


def values_of_gathering(gathering: Gathering, now: datetime) -> dict[str, object]:
    """Columns of `gatherings`; what has no times of its own was told, and changed, now."""
    return {
        **values_of_meetup(gathering.meetup),
        "uid": gathering.uid,
        "sources": list(gathering.sources),
        "moved_from": gathering.moved_from,
        "posted": gathering.posted or now,
        "state": gathering.state.value,
        "sequence": gathering.sequence,
        "changed_at": gathering.changed_at or now,
        "by_hand": gathering.by_hand,
    }


def correction_of(row: RowMapping) -> Correction:
    """A row of `corrections`."""
    return Correction(
        uid=row["uid"],
        meetup=meetup_in(row["meetup"]),
        fields=frozenset(row["fields"]),
        by=UserId(row["by"]),
        at=row["at"],
        cancelled=row["cancelled"],
        added=row["added"],
    )


def values_of_correction(correction: Correction) -> dict[str, object]:
    """Columns of `corrections`."""
    return {
        "uid": correction.uid,
        "meetup": jotted(correction.meetup),
        "fields": sorted(correction.fields),
        "by": correction.by,
        "at": correction.at,
        "cancelled": correction.cancelled,
        "added": correction.added,
    }
