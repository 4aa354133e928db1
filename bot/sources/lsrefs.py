"""Where a branch is, asked of a git server over HTTP in one request.

`git ls-remote` takes two: it asks what the server can do first. The question is `ls-refs` of git's
protocol 2 (git-scm.com/docs/protocol-v2, read 2026-08); whoever does not understand it, or wants
to know who we are, is left to git itself.
"""

import re
from collections.abc import Iterator

from bot.sources.fetch import Limits, Session
from bot.sources.trouble import TroubleError

LIMITS = Limits(size=1_000_000, seconds=30, redirects=0)
ANSWER = "application/x-git-upload-pack-result"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


async def tip_of(session: Session, url: str, ref: str, authorization: str) -> str | None:
    """The commit that a ref is at.

    Args:
        session: for the request.
        url: the repository's address.
        ref: its full name, or HEAD.
        authorization: the header with the token, "" = none.

    Returns:
        The commit, None where git has to be asked.
    """
    headers = {
        "Content-Type": "application/x-git-upload-pack-request",
        "Accept": ANSWER,
        "Git-Protocol": "version=2",
    } | ({"Authorization": authorization} if authorization else {})
    try:
        place = f"{url.rstrip('/')}/git-upload-pack"
        answer = await session.post(place, question(ref), headers, LIMITS)
    except TroubleError:
        return None
    if answer.headers.get("content-type", "") != ANSWER:
        return None
    refs = dict(refs_in(answer.body))
    return refs.get(ref)


def question(ref: str) -> bytes:
    """`ls-refs` for one ref, in packets."""
    return packet("command=ls-refs\n") + b"0001" + packet(f"ref-prefix {ref}\n") + b"0000"


def packet(text: str) -> bytes:
    """A line with its length before it, the length itself counted."""
    line = text.encode()
    return f"{len(line) + 4:04x}".encode() + line


def refs_in(body: bytes) -> Iterator[tuple[str, str]]:
    """Name and commit of each ref of an answer, up to where it cannot be read."""
    at = 0
    while re.fullmatch(rb"[0-9a-f]{4}", body[at : at + 4]):
        size = int(body[at : at + 4], 16)
        if size <= 4:  # noqa: PLR2004 - a packet that ends something
            return
        commit, _, rest = body[at + 4 : at + size].decode("utf-8", "replace").partition(" ")
        if _COMMIT.fullmatch(commit):
            yield rest.rstrip("\n").partition(" ")[0], commit
        at += size
