"""From the settings of a source to the source itself."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bot.ports.outside import Clock, Source
from bot.sources.addresses import Rules
from bot.sources.calendar import CalendarPlace
from bot.sources.feed import FeedPlace
from bot.sources.fetch import Fetch
from bot.sources.folder import FolderSource
from bot.sources.git import GitPlace
from bot.sources.github import GithubPlace
from bot.sources.pace import Pace
from bot.sources.process import surroundings
from bot.sources.remote import Place, RemoteSource
from config.settings import (
    FeedSettings,
    FolderSettings,
    GithubSettings,
    GitSettings,
    IcsSettings,
    Settings,
    SourceSettings,
)


def source_of(
    chosen: SourceSettings,
    settings: Settings,
    clock: Clock,
    environ: Mapping[str, str],
    fetch: Fetch | None = None,
) -> Source:
    """Make a source; nothing is looked at yet.

    Args:
        chosen: the source's own settings.
        settings: lend the data folder, the tokens, and what may be fetched.
        clock: the time.
        environ: the process's environment, for git.
        fetch: another way to fetch than the settings say.
    """
    if isinstance(chosen, FolderSettings):
        return FolderSource(chosen.id, chosen.path, chosen.include)
    fetch = fetch or Fetch(Rules(settings.fetch.allow), settings.fetch.proxy)
    return RemoteSource(
        chosen.id, place_of(chosen, settings, clock, environ, fetch), Pace(clock)
    )


def place_of(
    chosen: GitSettings | GithubSettings | FeedSettings | IcsSettings,
    settings: Settings,
    clock: Clock,
    environ: Mapping[str, str],
    fetch: Fetch,
) -> Place:
    """What is looked at over the network."""
    if isinstance(chosen, FeedSettings):
        file = cache_of(settings.data, chosen.id, chosen.url, ending="feed")
        return FeedPlace(chosen, fetch=fetch, clock=clock, file=file)
    if isinstance(chosen, IcsSettings):
        return CalendarPlace(chosen, zone=settings.site.timezone, fetch=fetch, clock=clock)
    token = token_of(chosen.token, settings)
    if isinstance(chosen, GithubSettings):
        scratch = settings.data / "sources"
        return GithubPlace(chosen, token=token, fetch=fetch, clock=clock, scratch=scratch)
    return GitPlace(
        chosen,
        token=token,
        cache=cache_of(settings.data, chosen.id, chosen.url, ending="git"),
        fetch=fetch,
        clock=clock,
        environ=surroundings(environ, without=tuple(settings.tokens)),
    )


def token_of(name: str, settings: Settings) -> str:
    """The token in a variable, "" without one."""
    held = settings.tokens.get(name)
    return held.get_secret_value() if held else ""


def cache_of(data: Path, source: str, url: str, *, ending: str) -> Path:
    """Where a source keeps what it has fetched; another place for another address."""
    mark = hashlib.sha256(f"{source}\0{url}".encode()).hexdigest()[:8]
    return data / "sources" / f"{source}-{mark}.{ending}"
