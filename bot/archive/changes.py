"""The port `Changes`: messages that change after they were announced, channels that pause.

Decides nothing: what changes is said by `bot.plan`.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, case, delete, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.claims import LEASED
from bot.archive.comeback import all_wait, edit_again, missed_by, release, stand_in
from bot.archive.engine import Store, dialect_insert
from bot.archive.fellows import notify
from bot.archive.given import listed, words
from bot.archive.judging import decided, of_known, places
from bot.archive.rows import delivery_of, delivery_rows
from bot.archive.tables import among, deliveries, edits, pauses, posts
from bot.archive.waiting import add_rows
from bot.model.deliveries import (
    Act,
    Delivery,
    DeliveryState,
    Draft,
    Edit,
    Pause,
    Roundup,
    Standing,
    Verdict,
)
from bot.model.ids import ChannelId, DeliveryId, Place, PostId, WorkspaceId
from bot.model.posts import PostState
from bot.plan.payloads import fingerprint
from bot.ports.writing import no_roundups
from bot.reasons import key_of
from formatters.message import Message

UNSENT = (DeliveryState.PLANNED, DeliveryState.HELD, DeliveryState.REFUSED)
"""States of rows that nobody has seen, nor will while nobody acts."""
CHANGED = (
    "post",
    "workspace",
    "kind",
    "revision",
    "text",
    "blocks",
    "fingerprint",
    "rung",
    "state",
    "reason",
    "attempts",
    "due_at",
)
"""Columns of an edit that a later one of the same message sets anew."""


class ArchiveChanges:
    """Edits and pauses in a database; see `bot.ports.writing.Changes`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def standing(self, post: str) -> tuple[Standing, ...]:
        """The messages of a post, in order of `seq`."""
        rows = delivery_rows().where(deliveries.c.post == post).order_by(deliveries.c.seq)
        changes = select(edits).where(edits.c.post == post)
        async with self._store.reading() as connection:
            changed = {row["id"]: row for row in (await connection.execute(changes)).mappings()}
            found = (await connection.execute(rows)).mappings().all()
        return tuple(_standing(delivery_of(row), changed.get(row["id"])) for row in found)

    async def change(self, edits: Sequence[Edit], drafts: Sequence[Draft]) -> None:
        """Write what messages are to become, and rows for those that come anew."""
        async with self._store.writing() as connection:
            for edit in edits:
                if not await _changed_in_place(connection, edit):
                    await _write(connection, edit)
            await add_rows(connection, drafts)
            await notify(connection)

    async def kept_back(self, reasons: Collection[str]) -> tuple[Delivery, ...]:
        """Rows of announced posts that are held for one of some reasons."""
        row = deliveries
        async with self._store.reading() as connection:
            query = (
                delivery_rows()
                .where(
                    row.c.state == DeliveryState.HELD.value,
                    row.c.reason.in_(listed("reasons", connection.dialect.name)),
                    posts.c.state == PostState.ANNOUNCED.value,
                )
                .order_by(row.c.seq)
            )
            rows = await connection.execute(query, {"reasons": words(reasons)})
            return tuple(delivery_of(one) for one in rows.mappings())

    async def awaiting(self, post: PostId) -> tuple[Place, ...]:
        """The channels in which a post waits for approval."""
        async with self._store.reading() as connection:
            return await places(connection, post)

    async def judge(
        self,
        post: PostId,
        verdict: Verdict,
        edits: Sequence[Edit] = (),
        *,
        channels: Collection[ChannelId] | None = None,
    ) -> bool:
        """Decide on what waits for approval, with what the question becomes."""
        async with self._store.writing() as connection:
            if not await decided(connection, post, verdict, channels):
                return False
            for edit in await of_known(connection, edits):
                if not await _changed_in_place(connection, edit):
                    await _write(connection, edit)
            await notify(connection)
            return True

    async def overdue(self, before: datetime, occasion: str = "") -> tuple[Delivery, ...]:
        """Planned rows that were never tried and were due before a moment, of an occasion or all."""
        row = deliveries
        query = (
            delivery_rows()
            .where(
                row.c.state == DeliveryState.PLANNED.value,
                row.c.attempts == 0,
                row.c.due_at < before,
                row.c.occasion.startswith(occasion, autoescape=True),
            )
            .order_by(row.c.seq)
        )
        async with self._store.reading() as connection:
            rows = await connection.execute(query)
            return tuple(delivery_of(one) for one in rows.mappings())

    async def hold(self, rows: Collection[DeliveryId], reason: str) -> None:
        """Hold those of some rows that are still planned."""
        row = deliveries
        planned = row.c.state == DeliveryState.PLANNED.value
        async with self._store.writing() as connection:
            await connection.execute(
                update(row)
                .where(row.c.id.in_(tuple(rows)), planned)
                .values(state=DeliveryState.HELD.value, reason=reason)
            )

    async def gather(self, roundups: Sequence[Roundup]) -> int:
        """Let one message come in the place of rows, where these still wait."""
        done = 0
        async with self._store.writing() as connection:
            for roundup in roundups:
                if await all_wait(connection, roundup.rows):
                    await stand_in(connection, roundup)
                    done += 1
        return done

    async def pauses(self) -> tuple[Pause, ...]:
        """Channels that get nothing now."""
        async with self._store.reading() as connection:
            rows = await connection.execute(select(pauses).order_by(pauses.c.since))
            return tuple(Pause(**row) for row in rows.mappings())

    async def pause(self, pause: Pause) -> bool:
        """Stop a channel."""
        async with self._store.writing() as connection:
            done = await connection.execute(
                dialect_insert(connection, pauses)
                .values(
                    workspace=pause.workspace,
                    channel=pause.channel,
                    reason=pause.reason,
                    since=pause.since,
                    dead=pause.dead,
                )
                .on_conflict_do_nothing(index_elements=["workspace", "channel"])
                .returning(pauses.c.channel)
            )
            return done.scalar() is not None

    async def resume(
        self,
        workspace: WorkspaceId,
        channel: ChannelId,
        now: datetime,
        choose: Callable[[Pause, Sequence[Delivery]], Collection[DeliveryId]],
        gather: Callable[[Pause, Sequence[Delivery]], Sequence[Roundup]] = no_roundups,
    ) -> Pause | None:
        """Let a channel have what comes from now on, and what is chosen of what it missed."""
        this = and_(pauses.c.workspace == workspace, pauses.c.channel == channel)
        async with self._store.writing() as connection:
            found = await connection.execute(delete(pauses).where(this).returning(pauses))
            row = found.mappings().one_or_none()
            if row is None:
                return None
            pause = Pause(**row)
            missed = await missed_by(connection, pause)
            await release(connection, choose(pause, missed), now)
            for roundup in gather(pause, missed):
                await stand_in(connection, roundup)
            await edit_again(connection, pause, now)
            await notify(connection)
            return pause


def _standing(delivery: Delivery, change: RowMapping | None) -> Standing:
    shown = delivery.fingerprint or fingerprint(delivery.message)
    if change is None:
        return Standing(delivery, shown)
    refused = change["state"] == DeliveryState.REFUSED.value
    deleted = change["kind"] == Act.DELETE.value
    left_alone = refused and key_of(change["reason"]) == "left-alone"
    stays = refused or deleted
    message = Message(change["text"], tuple(change["blocks"]))
    return Standing(
        delivery if stays else replace(delivery, message=message),
        "" if refused else change["fingerprint"],
        edits=change["count"],
        gone=left_alone or deleted,
        ours=deleted,
    )


async def _changed_in_place(connection: AsyncConnection, edit: Edit) -> bool:
    """Change a row that was never sent; False if it was, or may be on its way."""
    row = deliveries
    values: dict[str, object] = {"state": DeliveryState.HELD.value, "reason": edit.reason}
    if edit.kind is Act.UPDATE:
        values = {
            "text": edit.bare.text,
            "blocks": list(edit.bare.blocks),
            "fingerprint": fingerprint(edit.bare),
            "rung": 0,
        }
    done = await connection.execute(
        update(row).where(row.c.id == edit.target, among(row.c.state, UNSENT)).values(values)
    )
    return bool(done.rowcount)


async def _write(connection: AsyncConnection, edit: Edit) -> None:
    """Plan an edit; one that is under way keeps its lease, so that the later one comes later."""
    values: dict[str, object] = {
        "id": edit.target,
        "post": edit.post,
        "workspace": edit.workspace,
        "kind": edit.kind.value,
        "revision": edit.revision,
        "text": edit.message.text,
        "blocks": list(edit.message.blocks),
        "fingerprint": fingerprint(edit.bare),
        "rung": 0,
        "count": 1,
        "state": DeliveryState.PLANNED.value,
        "reason": edit.reason,
        "attempts": 0,
        "claim": 0,
        "due_at": edit.due_at,
    }
    leased = among(edits.c.state, LEASED)
    await connection.execute(
        dialect_insert(connection, edits)
        .values(values)
        .on_conflict_do_update(
            index_elements=["id"],
            set_={name: values[name] for name in CHANGED}
            | {
                "count": edits.c.count + 1,
                "claim": edits.c.claim + 1,
                "lease_until": case((leased, edits.c.lease_until), else_=None),
            },
        )
    )
