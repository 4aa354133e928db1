"""Operators' verbs: `check`, `migrate`, `manifest`."""

import asyncio
from collections.abc import AsyncIterator

import click
import httpx
import yaml

from bot import app
from bot.archive import EMPTY, ArchiveError, form
from bot.archive import migrate as migrated
from bot.cli.options import checked
from bot.cli.serve import go, ready_settings, settings_of, start_log
from bot.cli.words import Failed, Misused, say
from bot.feeds import feeds_of
from bot.model.posts import Scan
from bot.slack.connection import connected
from bot.slack.identity import SlackRefusedError
from bot.slack.manifest import manifest as manifest_of
from config import values
from config.settings import Settings

PATIENCE = 5.0
"""Seconds to wait for an answer of the site or of the running bot."""
SHOWN = 5
"""Posts at fault that are named of each source."""
ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - not to listen there, but to know it
"""Hosts that mean every address of a machine, so also the one of itself."""


def https_address(url: str) -> str:
    """Accept an https address; "" passes.

    Raises:
        ValueError: it is none.
    """
    if url and not url.startswith("https://"):
        raise ValueError("must begin with https://, Slack calls nothing else")
    return values.web_address(url)


@click.command()
@click.option(
    "--running",
    is_flag=True,
    help="Only ask the bot that runs on this machine whether it is ready.",
)
def check(*, running: bool) -> None:
    """Validate the settings and reach everything they name; exit 1 if something is amiss."""
    if running:
        settings = settings_of()
        asyncio.run(ask_running(settings.host, settings.port))
        return
    settings = ready_settings()
    start_log(settings)
    go(examine(settings))


@click.command()
def migrate() -> None:
    """Bring the database to the form that this version needs."""
    before, after = go(migrated(settings_of().database_url.get_secret_value()))
    say(
        f"The database has form {after}."
        if before == after
        else f"From form {before} to {after}."
    )


@click.command()
@click.option(
    "--url",
    callback=checked(https_address),
    default="",
    metavar="URL",
    help="Public https address of the bot; without one, Socket Mode.",
)
@click.option(
    "--many", is_flag=True, help="Other workspaces may install the bot; needs an address."
)
def manifest(url: str, *, many: bool) -> None:
    """Print the Slack app manifest for the features that are switched on."""
    settings = settings_of()
    many = many or settings.many
    url = url or (settings.address if many else "")
    if many and not url:
        raise Misused("Many workspaces reach the bot over HTTP: add --url, or set 'address'.")
    content = manifest_of(name=settings.site.name, command=settings.command, url=url, many=many)
    click.echo(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), nl=False)


async def ask_running(host: str, port: int) -> None:
    """Ask /readyz of the bot that listens there.

    Raises:
        Failed: no answer, or reasons why it is not ready.
    """
    near = "127.0.0.1" if host in ANYWHERE else host
    url = httpx.URL(scheme="http", host=near, port=port, path="/readyz")
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            answer = await client.get(url)
    except httpx.HTTPError as error:
        raise Failed(f"no bot answers at {url}: {type(error).__name__}") from error
    if not answer.is_success:
        raise Failed(answer.text.strip())


async def examine(settings: Settings) -> None:
    """Try database, sources, site and Slack, each apart from the others.

    Raises:
        Failed: with how many of them are amiss.
    """
    bad = 0
    async for good, words in findings(settings):
        click.echo(f"{'ok' if good else 'BAD':<4} {words}")
        bad += not good
    if bad:
        raise Failed(f"{bad} to mend.")


async def findings(settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    """What was tried: whether it is well, and words."""
    yield await database(settings)
    feeds = feeds_of(settings, app.SystemClock())
    scans = await asyncio.gather(*(feed.source.scan() for feed in feeds))
    for chosen, scan in zip(settings.sources, scans, strict=True):
        yield (
            not scan.problems,
            f"source {chosen.id} ({chosen.kind}): {seen_in(scan, chosen.kind)}",
        )
    if settings.site.url:
        yield await site(settings.site.url)
    yield await slack(settings)
    if settings.many:
        yield await workspaces(settings)


NAMES = {
    "": ("post", "no posts: does `include` fit?"),
    "ics": ("event", "no events now"),
}
"""What sources of a kind hold, and how to say that there is none."""


def seen_in(scan: Scan, kind: str) -> str:
    """What one look at a source found, in words."""
    whole = [problem.words for problem in scan.problems if not problem.path]
    if whole:
        return "; ".join(whole)
    count = len(scan.found)
    name, none = NAMES.get(kind, NAMES[""])
    found = [f"{count:,} {name}{'s' * (count > 1)}" if count else none]
    told = [f"{problem.path}: {problem.words}" for problem in scan.problems]
    more = [f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else []
    return "; ".join([*found, *told[:SHOWN], *more])


async def database(settings: Settings) -> tuple[bool, str]:
    """Whether the archive opens, or could be made; it is left as it is."""
    try:
        if await form(settings.database_url.get_secret_value()) == EMPTY:
            return True, "database: empty, the first start prepares it"
        async with app.opened(settings) as archive:
            await archive.ping()
    except ArchiveError as error:
        return False, f"database: {error}"
    return True, "database"


async def site(url: str) -> tuple[bool, str]:
    """Whether the community's site answers: the links of the digest lead there."""
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, follow_redirects=True) as client:
            answer = await client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return False, f"site {url}: {type(error).__name__}; check site.url"
    return answer.is_success, f"site {url}: HTTP {answer.status_code}"


async def workspaces(settings: Settings) -> tuple[bool, str]:
    """Whether the tokens of the workspaces can be read with the keys that there are."""
    try:
        if await form(settings.database_url.get_secret_value()) == EMPTY:
            return True, "workspaces: none yet"
        async with app.opened(settings) as archive:
            found = await archive.installations.all()
            for one in found:
                await archive.installations.find(one.workspace)
    except ArchiveError as error:
        return False, f"workspaces: {error}"
    ended = sum(bool(one.ended) for one in found)
    return True, f"workspaces: {len(found) - ended} installed, {ended} not any more"


async def slack(settings: Settings) -> tuple[bool, str]:
    """Whether Slack takes the token and has granted what is needed."""
    try:
        async with connected(settings, app.SystemClock()) as way:
            if way.identity is None:
                return True, "slack: no bot token; workspaces install the bot by themselves"
            lacking = (
                *way.identity.lacking(),
                *(f"channel {c}: {words}" for c, words in way.barred.items()),
            )
    except SlackRefusedError as error:
        return False, f"slack: {error}"
    return not lacking, "; ".join(
        lacking
    ) or f"slack: {way.identity.team} as {way.identity.user_id}"
