"""The port `Installations`: who installed the bot, with tokens that only the vault can read."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.engine import RowMapping

from bot.archive.engine import Store, dialect_insert
from bot.archive.vault import Vault
from bot.archive.workspace_tables import installations, oauth_states
from bot.model.ids import UserId, WorkspaceId
from bot.workspaces import Installation, Keys

OPEN = (
    "workspace",
    "name",
    "enterprise",
    "bot_id",
    "bot_user",
    "scopes",
    "installed_by",
    "installed_at",
    "ended",
)
"""Columns that are fields of an installation as they are."""
NONE: Mapping[str, object] = {
    "bot_token": "",
    "refresh_token": "",
    "expires_at": None,
    "renewed_until": None,
}


class ArchiveInstallations:
    """Installations in a database; see `bot.workspaces.Installations`."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def save(self, installation: Installation) -> None:
        """Keep it; one that the same workspace made before ends."""
        values = {name: getattr(installation, name) for name in OPEN}
        values |= self._sealed(installation.keys)
        async with self._store.writing() as connection:
            await connection.execute(
                dialect_insert(connection, installations)
                .values(values)
                .on_conflict_do_update(index_elements=["workspace"], set_=values)
            )

    async def find(self, workspace: WorkspaceId) -> Installation | None:
        """The installation of a workspace, ended or not; None if there never was one."""
        query = select(installations).where(installations.c.workspace == workspace)
        async with self._store.reading() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else _installation(row, self._keys(row))

    async def all(self) -> tuple[Installation, ...]:
        """Every installation, ended ones included, without keys; by workspace."""
        query = select(installations).order_by(installations.c.workspace)
        async with self._store.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(_installation(row, None) for row in rows)

    async def end(self, workspace: WorkspaceId, reason: str, at: datetime) -> bool:
        """Forget the tokens of a workspace that was installed before a moment."""
        row = installations.c
        ended = (
            update(installations)
            .where(row.workspace == workspace, row.ended == "", row.installed_at <= at)
            .values(ended=reason, **NONE)
        )
        async with self._store.writing() as connection:
            return bool((await connection.execute(ended)).rowcount)

    async def due(self, before: datetime) -> tuple[WorkspaceId, ...]:
        """Workspaces whose tokens expire before a moment."""
        query = select(installations.c.workspace).where(installations.c.expires_at < before)
        async with self._store.reading() as connection:
            return tuple(map(WorkspaceId, await connection.scalars(query)))

    async def reserve(self, workspace: WorkspaceId, now: datetime, until: datetime) -> bool:
        """Keep all others from renewing a token until a moment; False if another one does."""
        row = installations.c
        free = or_(row.renewed_until.is_(None), row.renewed_until <= now)
        reserved = (
            update(installations)
            .where(row.workspace == workspace, free, row.ended == "")
            .values(renewed_until=until)
        )
        async with self._store.writing() as connection:
            return bool((await connection.execute(reserved)).rowcount)

    async def renew(self, workspace: WorkspaceId, old: Keys, new: Keys) -> bool:
        """Put new keys in the place of old ones; False if others are there by now."""
        query = select(installations).where(installations.c.workspace == workspace)
        async with self._store.writing() as connection:
            found = await connection.execute(query.with_for_update())
            row = found.mappings().one_or_none()
            if row is None or self._keys(row) != old:
                return False
            await connection.execute(
                update(installations)
                .where(installations.c.workspace == workspace)
                .values(self._sealed(new))
            )
            return True

    async def rotate(self) -> int:
        """Encrypt every token with the first of the keys; answers how many installations."""
        row = installations.c
        query = select(installations).where(row.bot_token != "").with_for_update()
        async with self._store.writing() as connection:
            rows = (await connection.execute(query)).mappings().all()
            for one in rows:
                await connection.execute(
                    update(installations)
                    .where(row.workspace == one["workspace"])
                    .values(self._sealed(self._keys(one)))
                )
        return len(rows)

    async def once(self, state: str, until: datetime, now: datetime) -> bool:
        """Use a state up: True the first time. What has expired is forgotten."""
        async with self._store.writing() as connection:
            await connection.execute(delete(oauth_states).where(oauth_states.c.until <= now))
            used = (
                dialect_insert(connection, oauth_states)
                .values(digest=_digest(state), until=until)
                .on_conflict_do_nothing(index_elements=["digest"])
                .returning(oauth_states.c.digest)  # how many rows, not every driver tells
            )
            return await connection.scalar(used) is not None

    def _sealed(self, keys: Keys | None) -> dict[str, object]:
        if keys is None:
            return dict(NONE)
        refresh = self._vault.sealed(keys.refresh) if keys.refresh else ""
        return {
            "bot_token": self._vault.sealed(keys.bot),
            "refresh_token": refresh,
            "expires_at": keys.expires_at,
            "renewed_until": None,
        }

    def _keys(self, row: RowMapping) -> Keys | None:
        if not row["bot_token"]:
            return None
        refresh = row["refresh_token"]
        return Keys(
            self._vault.opened(row["bot_token"]),
            self._vault.opened(refresh) if refresh else "",
            row["expires_at"],
        )


def _installation(row: RowMapping, keys: Keys | None) -> Installation:
    values = {name: row[name] for name in OPEN}
    values |= {
        "workspace": WorkspaceId(row["workspace"]),
        "bot_user": UserId(row["bot_user"]),
        "installed_by": UserId(row["installed_by"]),
    }
    return Installation(**values, keys=keys)


def _digest(state: str) -> str:
    """What is kept of a state: whoever reads the database cannot use it."""
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
