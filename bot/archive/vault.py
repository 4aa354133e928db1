"""Encrypts what must not lie open in a database. Home of cryptography.

Several keys make it possible to change them: the first encrypts, all of them decrypt.
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.archive.engine import ArchiveError
from bot.workspaces import LockedError


class VaultError(ArchiveError, LockedError):
    """What is encrypted cannot be read, or nothing can be encrypted: a key is missing."""


class Vault:
    """Fernet (AES-128-CBC with HMAC-SHA-256, fresh for every text).

    Args:
        keys: url-safe base64 of 32 bytes each; () opens and encrypts nothing.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None

    def sealed(self, text: str) -> str:
        """A text, encrypted with the first key.

        Raises:
            VaultError: there is no key.
        """
        return self._opener().encrypt(text.encode()).decode()

    def opened(self, sealed: str) -> str:
        """What was encrypted with any of the keys.

        Raises:
            VaultError: with none of these.
        """
        try:
            return self._opener().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise VaultError(
                "a workspace's token was encrypted with a key that is not in"
                " DIGESTBOT_ENCRYPTION_KEY: add the old key behind the new one"
            ) from None

    def _opener(self) -> MultiFernet:
        if self._fernet is None:
            raise VaultError(
                "DIGESTBOT_ENCRYPTION_KEY is not set: without it no workspace's token can be"
                " read or kept"
            )
        return self._fernet


def new_key() -> str:
    """A key for a vault."""
    return Fernet.generate_key().decode()
