"""Packed answers, unpacked piece by piece.

Pure. Done here because HTTP libraries unpack any number of layers to any size.
"""

import zlib
from collections.abc import Callable, Iterator

from bot.sources.trouble import TroubleError

PACKED = {"gzip", "x-gzip", "deflate"}
ANY_WRAPPER = 47
"""zlib's wbits for gzip and deflate alike, found out by the first bytes."""


def unpacker(packing: str, place: str) -> Callable[[bytes, int], Iterator[bytes]]:
    """Make what unpacks an answer.

    Args:
        packing: its `Content-Encoding`.
        place: where it comes from, for words.

    Returns:
        Takes the next piece and how much each part may hold, yields the parts.

    Raises:
        TroubleError: a packing that was not asked for; while unpacking, a damaged answer.
    """
    packing = packing.strip().lower()
    if packing in {"", "identity"}:
        return lambda piece, _: iter((piece,))
    if packing not in PACKED:
        words = f"{place} answers in a packing that was not asked for"
        raise TroubleError(f"{words}: {packing[:40]}")
    box = zlib.decompressobj(ANY_WRAPPER)

    def unpack(piece: bytes, most: int) -> Iterator[bytes]:
        while piece:
            try:
                yield box.decompress(piece, most)
            except zlib.error as error:
                raise TroubleError(f"{place} sent a damaged answer") from error
            piece = box.unconsumed_tail

    return unpack
