"""Files out of a repository's archive, found by their git ids.

Only contents whose id is right are taken: `.gitattributes` can leave files out of an archive and
change others on the way.
"""

import hashlib
import tarfile
import zlib
from collections.abc import Collection
from typing import IO

from bot.sources.content import LARGEST
from bot.sources.trouble import TroubleError

MOST = 4_000_000_000
"""Bytes of an unpacked archive that are gone through."""


def blobs_in(file: IO[bytes], wanted: Collection[str]) -> dict[str, bytes]:
    """Contents by id.

    Args:
        file: a tar archive, packed with gzip.
        wanted: the ids that are looked for; others are passed over.

    Returns:
        What was found.

    Raises:
        TroubleError: it is no archive, or one that never ends.
    """
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=file, mode="r|gz") as archive:
            for member in archive:
                if member.offset_data + member.size > MOST:
                    raise TroubleError(f"the archive unpacks to more than {MOST:,} bytes")
                if member.isfile() and member.size <= LARGEST:
                    stream = archive.extractfile(member)
                    content = stream.read() if stream else b""
                    id_ = blob_id(content)
                    if id_ in wanted:
                        found[id_] = content
    except (tarfile.TarError, EOFError, OSError, zlib.error, TypeError) as error:
        # TypeError: what tarfile says of a gzip header that breaks off.
        raise TroubleError("the archive of the repository is damaged") from error
    return found


def blob_id(content: bytes) -> str:
    """What git calls a content."""
    head = f"blob {len(content)}\0".encode()
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()
