"""What each happening does to a community."""

from collections.abc import Awaitable, Callable, Mapping

from bot.model.ids import ChannelId, PostId
from tests.simulation.community import LATER, Community
from tests.simulation.writing import Happening, What
from tests.stage import MEI

Act = Callable[[Community, Happening], Awaitable[None]]


async def _write(community: Community, one: Happening) -> None:
    path = community.stage.posts / one.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(one.text, "utf-8")


async def _move(community: Community, one: Happening) -> None:
    path = community.stage.posts / one.text
    path.parent.mkdir(parents=True, exist_ok=True)
    (community.stage.posts / one.name).rename(path)


async def _remove(community: Community, one: Happening) -> None:
    (community.stage.posts / one.name).unlink()


async def _down(community: Community, one: Happening) -> None:
    community.wanted = False
    community.wrong("down")
    await community.stop()


async def _up(community: Community, one: Happening) -> None:
    community.wanted = True
    await community.start()


async def _restart(community: Community, one: Happening) -> None:
    await community.restart()


async def _reread(community: Community, one: Happening) -> None:
    await community.age()
    await community.start()


async def _kill(community: Community, one: Happening) -> None:
    community.kill_after = one.number


async def _faults(community: Community, one: Happening) -> None:
    community.wrong("faults")
    for rule in one.rules:
        community.stage.slack.faults.add(rule)


async def _mended(community: Community, one: Happening) -> None:
    community.stage.slack.faults.clear()
    community.over("faults")


async def _token(community: Community, one: Happening) -> None:
    community.stage.slack.admin.spoil_token(one.name)
    if one.name:
        community.wrong("token")
    else:
        community.over("token")
        await community.start()


async def _archive(community: Community, one: Happening) -> None:
    if _reachable(community, one.name):
        community.wrong("away", one.name)
        community.stage.slack.admin.archive(one.name)


async def _kick(community: Community, one: Happening) -> None:
    if _reachable(community, one.name):
        community.wrong("away", one.name)
        community.stage.slack.admin.kick(one.name)


def _reachable(community: Community, channel: str) -> bool:
    where = community.channel(channel)
    return not where.is_archived and community.bot_id in where.members


async def _unarchive(community: Community, one: Happening) -> None:
    if community.channel(one.name).is_archived:
        community.stage.slack.admin.archive(one.name, undo=True)
        await _back(community, one.name)


async def _invite(community: Community, one: Happening) -> None:
    if community.bot_id not in community.channel(one.name).members:
        community.stage.slack.admin.invite(one.name)
        await _back(community, one.name)


async def _back(community: Community, channel: str) -> None:
    community.over("away", channel)
    if community.bot is not None:  # Slack tells it
        await community.bot.upkeep.back((ChannelId(channel),))


async def _pause(community: Community, one: Happening) -> None:
    if community.bot and await community.bot.upkeep.pause(ChannelId(one.name), MEI):
        community.wrong("pause", one.name)


async def _resume(community: Community, one: Happening) -> None:
    if community.bot is None:
        community.waiting.append(one)
    elif ("pause", one.name) in community.began:
        await community.bot.upkeep.resume(ChannelId(one.name))
        community.over("pause", one.name)


async def _delete(community: Community, one: Happening) -> None:
    mine = [m for m in community.messages(one.name) if m.in_channel]
    if mine:
        community.deleted.add(mine[-1].ts)
        community.stage.slack.admin.delete(one.name, mine[-1].ts)


async def _repost(community: Community, one: Happening) -> None:
    if community.bot is None:
        community.waiting.append(one)
        return
    entry = await community.bot.archive.desk.post(PostId(f"weekly:{one.name}"))
    assert entry is not None
    channels = [ChannelId(channel) for channel in community.taking(community.now)]
    await community.bot.repost(entry, channels=channels, occasion=f"repost-{one.name}")


async def _recall(community: Community, one: Happening) -> None:
    if community.bot is None:
        community.waiting.append(one)
        return
    entry = await community.bot.archive.desk.post(PostId(f"weekly:{one.name}"))
    assert entry is not None
    await community.bot.upkeep.recall(entry)


async def _subscribe(community: Community, one: Happening) -> None:
    await community.subscribe(LATER)


async def _unsubscribe(community: Community, one: Happening) -> None:
    await community.unsubscribe(LATER)


async def _idle(community: Community, one: Happening) -> None:
    """Nothing."""


ACTS: Mapping[What, Act] = {
    What.WRITE: _write,
    What.MOVE: _move,
    What.REMOVE: _remove,
    What.DOWN: _down,
    What.UP: _up,
    What.RESTART: _restart,
    What.REREAD: _reread,
    What.KILL: _kill,
    What.FAULTS: _faults,
    What.MENDED: _mended,
    What.TOKEN: _token,
    What.ARCHIVE: _archive,
    What.UNARCHIVE: _unarchive,
    What.KICK: _kick,
    What.INVITE: _invite,
    What.PAUSE: _pause,
    What.RESUME: _resume,
    What.DELETE: _delete,
    What.REPOST: _repost,
    What.RECALL: _recall,
    What.SUBSCRIBE: _subscribe,
    What.UNSUBSCRIBE: _unsubscribe,
    What.IDLE: _idle,
}
