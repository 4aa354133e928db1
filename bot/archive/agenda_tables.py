"""The tables of the agenda, in the metadata of `bot.archive.tables`.

Only definitions.
"""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table, Text

from bot.archive.tables import NUMBER, UtcTime, metadata

agenda = Table(
    "agenda",  # one row: which changes of announcements the gatherings were joined from
    metadata,
    Column("id", Integer, primary_key=True),
    Column("changes", NUMBER, nullable=False),
    Column("since", UtcTime),
    Column("joined_at", UtcTime),
)

gatherings = Table(
    "gatherings",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("post", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("start", UtcTime),
    Column("end", UtcTime),
    Column("over", UtcTime),
    Column("zone", Text, nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("place", Text, nullable=False),
    Column("online", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("register_url", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("live_url", Text, nullable=False),
    Column("replay_url", Text, nullable=False),
    Column("speakers", Text, nullable=False),
    Column("phrase", Text, nullable=False),
    Column("image", Text, nullable=False),
    Column("recap", Boolean, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("moved_from", UtcTime),
    Column("posted", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("by_hand", Boolean, nullable=False),
    Index("gatherings_by_end", "over"),
    Index("gatherings_by_telling", "posted"),
)

corrections = Table(
    "corrections",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("meetup", JSON, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

interests = Table(
    "interests",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("user", Text, primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("remind", Boolean, nullable=False),
    Column("since", UtcTime, nullable=False),
    Index("interests_of_gathering", "uid"),
)
