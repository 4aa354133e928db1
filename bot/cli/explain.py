"""Lines for maintainers: why a post stands where it stands, in each channel.

Reads and prints; decides nothing.
"""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

import click

from bot import app
from bot.archive import Archive
from bot.feeds import feeds_of
from bot.model.deliveries import Act, Delivery, DeliveryState, Draft
from bot.model.ids import PostId
from bot.model.posts import Entry, PostState
from bot.plan import composition_of, post_of, subscribers
from bot.reasons import said, value_of
from config.settings import Settings

EDITS = {Act.UPDATE: "change of ", Act.DELETE: "deletion of "}
"""What is done to messages that stand, in words."""


async def explain(settings: Settings, archive: Archive, *, entry: Entry, channel: str) -> None:
    """A post's state, its rows and what changes them, with reasons; `channel` "" means all."""
    why = words_of(entry.reason, settings)
    click.echo(f"{entry.state.value:<10} {entry.id}  {why}".rstrip())
    for told in await lives_of(entry, archive):
        click.echo(told)
    rows = [
        row for row in await archive.desk.deliveries(entry.id) if channel in ("", row.channel)
    ]
    changes = [
        row for row in await archive.desk.edits(entry.id) if channel in ("", row.channel)
    ]
    for row in (*rows, *changes, *await instead_of(rows, archive)):
        click.echo(line_of(row, settings))
    for line in await pauses(settings, archive, channel=channel):
        click.echo(line)
    silent = unsaid(entry, {row.channel for row in rows}, settings)
    shown = [one for one in silent if channel in ("", one)]
    for one in shown:
        click.echo(f"nothing    {entry.id} to {one}  its sections leave nothing of this post")
    if not rows and not shown:
        click.echo(f"no delivery {f'to {channel} ' if channel else ''}was ever planned")


async def instead_of(rows: Sequence[Delivery], archive: Archive) -> list[Delivery]:
    """The rows of messages that come in the place of some."""
    named = dict.fromkeys(value_of(row.reason, "about") for row in rows)
    found = [await archive.desk.deliveries(PostId(about)) for about in named if about]
    return [row for those in found for row in those]


async def pauses(settings: Settings, archive: Archive, *, channel: str = "") -> list[str]:
    """Lines on channels that get nothing now, or on the one that is meant."""
    return [
        f"{'paused':<10} {pause.channel}  {words_of(pause.reason, settings)}"
        for pause in await archive.changes.pauses()
        if channel in ("", pause.channel)
    ]


async def lives_of(entry: Entry, archive: Archive) -> list[str]:
    """Lines on where a post stands now and what it was, if that tells anything."""
    texts = await archive.desk.revisions(entry.id)
    lines = [
        f"{'text':<10} {text.revision[:8]} of {text.found_at.isoformat(timespec='minutes')}"
        f"  {text.path}  {text.title}"
        for text in texts
        if len(texts) > 1
    ]
    if not entry.id.endswith(f":{entry.path}"):
        lines.append(f"{'moved':<10} to {entry.path}")
    if entry.gone_at is not None:
        lines.append(f"{'gone':<10} since {entry.gone_at.isoformat(timespec='minutes')}")
    return lines


def unsaid(entry: Entry, told: Collection[str], settings: Settings) -> list[str]:
    """Channels that take an announced post's source, and of whose sections it has none."""
    site = {one.source.id: one.site for one in feeds_of(settings, app.SystemClock())}
    if entry.state is not PostState.ANNOUNCED or entry.source not in site:
        return []
    post = post_of(entry, site[entry.source])
    return [
        one.id
        for one in subscribers(settings.channels, source=entry.source)
        if one.id not in told
        and not composition_of(post, one, language=settings.site.language).messages
    ]


def words_of(kept: str, settings: Settings) -> str:
    """A reason in the language and the zone of the site."""
    return said(kept, settings.site.language, zone=ZoneInfo(settings.site.timezone))


def line_of(row: Delivery, settings: Settings) -> str:
    """A delivery or an edit in one line: state, post, channel, part, when, why."""
    when = row.attempted_at or row.due_at
    what, where = EDITS.get(row.kind, ""), "in" if row.kind in EDITS else "to"
    head = f"{row.state.value:<10} {what}{row.post} {where} {row.channel} part {row.part}"
    return f"{head} at {when.isoformat(timespec='seconds')} {words_of(row.reason, settings)}".rstrip()


def line_of_draft(draft: Draft, settings: Settings) -> str:
    """A delivery that is not planned yet."""
    when = draft.due_at.isoformat(timespec="minutes")
    verb = "held" if draft.state is DeliveryState.HELD else "send"
    head = f"{verb:<10} {draft.post} to {draft.channel} from {when}"
    return f"{head} {words_of(draft.reason, settings)}".rstrip()
