"""The port `Subscriptions`: channels that were subscribed in Slack."""

from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.engine import RowMapping

from bot.archive.engine import Store, dialect_insert
from bot.archive.workspace_tables import subscriptions
from bot.model.ids import ChannelId, UserId, WorkspaceId
from bot.workspaces import Subscription

KEY = ("workspace", "channel")


class ArchiveSubscriptions:
    """Subscriptions in a database; see `bot.workspaces.Subscriptions`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self) -> tuple[Subscription, ...]:
        """Every subscription, oldest first."""
        row = subscriptions.c
        query = select(subscriptions).order_by(row.since, row.workspace, row.channel)
        async with self._store.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(map(_subscription, rows))

    async def save(self, subscription: Subscription) -> bool:
        """Subscribe a channel, or change its wishes; answers whether it is new."""
        values = asdict(subscription)
        wishes = {name: value for name, value in values.items() if name != "since"}
        key = [subscriptions.c[name] == values[name] for name in KEY]
        async with self._store.writing() as connection:
            before = await connection.scalar(select(subscriptions.c.since).where(*key))
            await connection.execute(
                dialect_insert(connection, subscriptions)
                .values(values)
                .on_conflict_do_update(index_elements=KEY, set_=wishes)
            )
        return before is None

    async def remove(self, workspace: WorkspaceId, channel: ChannelId) -> bool:
        """End a subscription; answers whether there was one."""
        row = subscriptions.c
        removed = delete(subscriptions).where(
            row.workspace == workspace, row.channel == channel
        )
        async with self._store.writing() as connection:
            return bool((await connection.execute(removed)).rowcount)


def _subscription(row: RowMapping) -> Subscription:
    values = dict(row) | {
        "workspace": WorkspaceId(row["workspace"]),
        "channel": ChannelId(row["channel"]),
        "by": UserId(row["by"]),
        "sources": tuple(row["sources"]),
        "only": tuple(row["only"]),
    }
    return Subscription(**values)
