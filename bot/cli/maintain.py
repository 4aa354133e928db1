"""Maintainers' verbs without Slack: `plan`, `status`, `why`, `repost`."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

import click

from bot import app, core, publish
from bot.answer import approving
from bot.answer.verbs import KNOWN, Verb
from bot.archive import EMPTY, Archive, form
from bot.cli.explain import explain, line_of, line_of_draft, pauses, words_of
from bot.cli.serve import go, settings_of
from bot.cli.words import Failed, Misused, say
from bot.feeds import Feed, feeds_of
from bot.model.ids import ChannelId, PostId
from bot.model.posts import Entry
from bot.rehearsal import Rehearsal
from bot.roster import Roster
from config.settings import Settings

MANY = 100
"""Waiting rows that `plan` shows at the most."""


@click.command()
def plan() -> None:
    """Show what would be posted, where, when and why; change nothing."""
    go(rehearse(settings_of()))


@click.command()
def status() -> None:
    """Show what was sent, what waits and why, and how the sources fare."""
    settings = settings_of()
    go(with_archive(settings, partial(report, settings)))


@click.command()
@click.argument("post")
@click.argument("channel", default="")
def why(post: str, channel: str) -> None:
    """Explain why a post was or was not posted.

    POST is its number, date, slug or id, or `latest`. CHANNEL is the id of one; without it, all
    are shown.
    """
    settings = settings_of()
    go(with_archive(settings, partial(explained, settings, post=post, channel=channel)))


@click.command()
@click.argument("post")
@click.option(
    "--channel", required=True, help="Id of a channel that gets posts, as C0123456789."
)
def repost(post: str, channel: str) -> None:
    """Send a post to a channel once more.

    POST is its number, date, slug or id, or `latest`.
    """
    go(reposted(settings_of(), post=post, channel=ChannelId(channel)))


async def reposted(settings: Settings, *, post: str, channel: ChannelId) -> None:
    """Repost; what is wrong usage is so without an archive, too."""
    if await form(settings.database_url.get_secret_value()) == EMPTY:
        usable_channel(channel, settings)
    await with_archive(settings, partial(send_again, settings, post=post, channel=channel))


def usable_channel(channel: ChannelId, settings: Settings) -> None:
    """See that a channel gets posts.

    Raises:
        Misused: it does not; the words name those that do.
    """
    known = [one.id for one in settings.channels]
    if channel not in known:
        raise Misused(
            f"{channel} is no channel of the settings. There is: {', '.join(known) or 'none'}"
        )


async def with_archive(settings: Settings, work: Callable[[Archive], Awaitable[None]]) -> None:
    """Do something with the archive open, which a verb for looking neither makes nor migrates."""
    async with app.opened(settings) as archive:
        await work(archive)


async def current(settings: Settings, archive: Archive) -> Settings:
    """The settings with the channels that subscribed by themselves."""
    clock = app.SystemClock()
    return await Roster(settings, archive.subscriptions, archive.installations, clock).current()


async def rehearse(settings: Settings) -> None:
    """Print what the next looks would decide, and what waits already.

    Raises:
        Failed: a source cannot be read, so that nobody can tell.
    """
    async with AsyncExitStack() as stack:
        archive = None
        if await form(settings.database_url.get_secret_value()) != EMPTY:
            archive = await stack.enter_async_context(app.opened(settings))
            settings = await current(settings, archive)
        feeds = feeds_of(settings, app.SystemClock())
        if not feeds:
            say("The settings name no source, so there is nothing to publish.")
        unread = [
            feed.source.id for feed in feeds if not await rehearsed(feed, archive, settings)
        ]
        if archive is not None:
            await show_waiting(settings, archive)
    if unread:
        raise Failed(f"not read: {', '.join(unread)}")


async def show_waiting(settings: Settings, archive: Archive) -> None:
    """What waits; of what was missed while nobody was at work, what the next start makes of it."""
    async with app.kept_time(archive) as clock:
        upkeep = publish.Upkeep(archive.changes, archive.register, clock, settings)
        missed = None if await archive.replicas() else await upkeep.missed()
    for delivery in await archive.desk.waiting(MANY):
        click.echo(line_of(missed.as_kept(delivery) if missed else delivery, settings))
    for draft in missed.drafts if missed else ():
        click.echo(line_of_draft(draft, settings))


async def rehearsed(feed: Feed, archive: Archive | None, settings: Settings) -> bool:
    """Discover into a register that writes nothing, and print what it was told.

    Returns:
        Whether the source could be read.
    """
    stage = Rehearsal(archive.register if archive else None)
    found = await publish.discover(
        feed.source,
        role=feed.role,
        site=feed.site,
        register=stage,
        clock=app.SystemClock(),
        settings=settings,
        every=feed.every,
    )
    for decision in found.decisions:
        click.echo(
            f"{decision.state.value:<10} {decision.post}  {words_of(decision.reason, settings)}"
        )
    for draft in stage.planned:
        if draft.part == 0:
            click.echo(line_of_draft(draft, settings))
    for problem in found.problems:
        say(f"{problem.source}: {problem.words}")
    return not core.of_the_source(found.problems)


async def explained(settings: Settings, archive: Archive, *, post: str, channel: str) -> None:
    """Explain the post that is meant."""
    entry = await entry_of(archive, post)
    await explain(await current(settings, archive), archive, entry=entry, channel=channel)


async def report(settings: Settings, archive: Archive) -> None:
    """Counts, what waits, and the sources."""
    recalled = await archive.desk.recalled()
    for state, count in sorted((await archive.desk.counts()).items()):
        click.echo(f"{state.value:<10} {count - recalled[state]}")
    click.echo(f"{'recalled':<10} {sum(recalled.values())}")
    for delivery in await archive.desk.waiting(20):
        click.echo(line_of(delivery, settings))
    for line in await pauses(settings, archive):
        click.echo(line)
    for replica in await archive.replicas():
        click.echo(f"process    {replica.name}{': polls the sources' if replica.polls else ''}")
    for health in await archive.desk.health():
        seen = health.last_ok.isoformat(timespec="seconds") if health.last_ok else "never"
        click.echo(f"source     {health.source}: read {seen}, failures {health.failures}")
        for problem in health.problems:
            click.echo(f"problem    {problem.words}")


async def send_again(
    settings: Settings, archive: Archive, *, post: str, channel: ChannelId
) -> None:
    """Write the rows of a repost; the running bot sends them."""
    settings = await current(settings, archive)
    usable_channel(channel, settings)
    entry = await entry_of(archive, post)
    sites = {feed.source.id: feed.site for feed in feeds_of(settings, app.SystemClock())}
    if entry.source not in sites:
        raise Failed(f"the settings have no source '{entry.source}' any more")
    async with app.kept_time(archive) as clock:
        wording = approving.Wording(settings)
        approval = publish.Approval(archive.changes, clock, wording, settings.maintainers)
        await approval.overtaken(entry, (channel,))
        await publish.repost(
            entry,
            channels=(core.channel_of(channel, settings),),
            occasion=f"repost {clock.now().isoformat()}",
            site=sites[entry.source],
            register=archive.register,
            clock=clock,
            settings=settings,
        )
    say(f"Planned: {entry.title} to {channel}.")
    say("A running bot sends it within a minute; otherwise run `digestbot once`.")


async def entry_of(archive: Archive, post: str) -> Entry:
    """The post that is meant.

    Raises:
        Failed: there is none.
    """
    now = app.SystemClock().now()
    if KNOWN.get(post.lower()) is Verb.LATEST:
        entry = await archive.library.latest(now)
    else:
        entry = await archive.desk.post(PostId(post)) or await archive.library.find(post, now)
    if entry is None:
        raise Failed(
            f"no post '{post}' in the archive. Give its number, date, slug, id as weekly:path/index.md, or `latest`"
        )
    return entry
