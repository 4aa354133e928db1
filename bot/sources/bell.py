"""Which sources a push to a repository concerns.

Pure. Payloads: docs.github.com/en/webhooks (push, ping), read 2026-08; Gitea and Forgejo send the
same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from config.settings import GithubSettings, GitSettings, SourceSettings

_SHORT = re.compile(r"[^/:@]+@([^/:]+):(.+)")


@dataclass(frozen=True, slots=True)
class Push:
    """What a payload says: the repository's name and addresses, the ref, the default branch."""

    repository: str
    addresses: tuple[str, ...]
    ref: str
    default: str


def push_of(payload: Mapping[str, object]) -> Push | None:
    """Read a payload; None for one that is no push."""
    repository, ref = payload.get("repository"), payload.get("ref")
    if not isinstance(repository, dict) or not isinstance(ref, str):
        return None
    names = ("clone_url", "ssh_url", "git_url", "html_url", "url")
    addresses = tuple(str(repository[name]) for name in names if repository.get(name))
    default = str(repository.get("default_branch", ""))
    return Push(str(repository.get("full_name", "")), addresses, ref, default)


def concerned(push: Push, sources: Iterable[SourceSettings]) -> Iterator[str]:
    """The ids of the sources that read what was pushed to."""
    places = {place_of(address) for address in push.addresses}
    for source in sources:
        if isinstance(source, GithubSettings):
            same = source.repository.lower() == push.repository.lower()
        elif isinstance(source, GitSettings):
            same = place_of(source.url) in places
        else:
            continue
        if same and push.ref == f"refs/heads/{source.branch or push.default}":
            yield source.id


def place_of(address: str) -> str:
    """`host/owner/name` of a repository's address, however it is reached."""
    short = _SHORT.fullmatch(address)
    parts = urlsplit(address)
    host, path = (short[1], short[2]) if short else (parts.hostname or "", parts.path)
    return f"{host}/{path.strip('/').removesuffix('.git')}".lower()
