"""The last day: source, rows and channels compared, and everything that does not agree said in words."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot import plan
from bot.model.deliveries import Delivery, DeliveryState
from bot.model.ids import PostId
from bot.model.posts import Entry, PostState
from bot.publish.rows import composition
from bot.reasons import key_of
from bot.sandbox.state import Message
from tests.simulation.community import BEHIND, LATER, NIGHT, Community, marked
from tests.simulation.writing import ZONE, Script, What
from tests.stage import GENERAL, MAINTAINERS, ZH

AFTERMATH = timedelta(minutes=40)
"""So long after its end a trouble still shows: the longest pause between two attempts, and a bit."""


@dataclass(frozen=True, slots=True)
class Account:
    """All that is there, and what does not agree.

    `cards` counts announcements that stand, by channel; `kept_back` messages that do not, by reason.
    """

    wrong: tuple[str, ...]
    posts: int
    cards: dict[str, int]
    messages: int
    kept_back: dict[str, int]
    edits: int
    calls: int


@dataclass
class Books:
    """What the archive says, by what it is asked for."""

    life: Community
    entries: dict[str, Entry]
    rows: dict[str, Delivery]
    changed: dict[str, int]
    gone: dict[str, bool]

    def messages(self) -> Iterator[tuple[str, Message]]:
        """Every message of the bot, with its channel."""
        for channel in (*self.life.subscribed, MAINTAINERS):
            for message in self.life.messages(channel):
                yield channel, message


async def reckon(life: Community, script: Script) -> Account:
    """Compare everything."""
    books = await _books(life)
    checks = (_sources, _fates, _messages, _rows, _order, _texts, _fan_out, _moments)
    wrong = [words for check in checks for words in check(books, script)]
    kept_back = Counter(
        f"{row.state.value}: {key_of(row.reason) or row.reason[:40]}"
        for row in books.rows.values()
        if row.state is not DeliveryState.SENT
    )
    cards = Counter(
        channel for channel, message in books.messages() if marked(message)["part"] == 0
    )
    return Account(
        tuple(wrong),
        len(books.entries),
        dict(cards),
        sum(1 for _ in books.messages()),
        dict(kept_back),
        sum(books.changed.values()),
        life.stage.slack.traffic.total,
    )


async def _books(life: Community) -> Books:
    assert life.bot is not None
    archive = life.bot.archive
    books = Books(life, {}, {}, {}, {})
    for feed in life.bot.feeds:
        shelf = await archive.register.shelf(feed.source.id)
        assert shelf is not None
        ids = [known.id for known in shelf.posts]
        for entry in await archive.register.posts(ids):
            books.entries[entry.id] = entry
        for post in (*ids, PostId(f"{feed.source.id}:")):
            books.rows |= {row.id: row for row in await archive.desk.deliveries(post)}
            for one in await archive.changes.standing(post):
                books.changed[one.delivery.id] = one.edits
                books.gone[one.delivery.id] = one.gone
    return books


def _sources(books: Books, script: Script) -> Iterator[str]:
    """Every file is archived as it is, and what is archived without one is marked as gone."""
    posts = books.life.stage.posts
    files = {str(path.relative_to(posts)): path for path in posts.rglob("*.md")}
    known = {entry.path: entry for entry in books.entries.values() if entry.gone_at is None}
    for name in files.keys() ^ known.keys():
        yield f"{name}: {'a file unknown to the archive' if name in files else 'archived, no file'}"
    for name in files.keys() & known.keys():
        if files[name].read_text("utf-8") != known[name].text:
            yield f"{name}: the archive has another text"


def _fates(books: Books, script: Script) -> Iterator[str]:
    """Every post has become what it was to become, no other one is there."""
    became = {entry.path: key_of(entry.reason) for entry in books.entries.values()}
    for name, fates in script.fates.items():
        if became.get(name, "") not in fates and not _missed(books, name):
            yield f"{name}: {became.get(name, 'unknown')}, not {' or '.join(fates)}"
    for name in became.keys() - script.fates.keys():
        yield f"{name}: {became[name]}, though nobody wrote it"


def _missed(books: Books, name: str) -> bool:
    """Whether a post rightly stays back: it came out while the bot was off, and a later one did, too."""
    entry = next((one for one in books.entries.values() if one.path == name), None)
    if entry is None or entry.date is None or key_of(entry.reason) != "missed":
        return False
    later = [
        one
        for one in books.entries.values()
        if one.first_seen == entry.first_seen and one.date and one.date > entry.date
    ]
    return bool(later) and any(
        one.begin <= entry.first_seen <= one.end + AFTERMATH and one.end - one.begin > plan.LATE
        for one in books.life.incidents
        if one.what == What.DOWN and not one.channel
    )


def _messages(books: Books, script: Script) -> Iterator[str]:
    """Every message belongs to one row that says so; no delivery stands twice."""
    seen: Counter[str] = Counter()
    for channel, message in books.messages():
        payload = marked(message)
        id_ = str(payload["delivery"])
        seen[id_] += 1
        row = books.rows.get(id_)
        where = f"{channel} {message.ts} ({payload['post']}, part {payload['part']})"
        if row is None:
            yield f"{where}: stands there without a row"
        elif (row.state, row.channel, row.ts) != (DeliveryState.SENT, channel, message.ts):
            yield f"{where}: its row says {row.state.value} {row.channel} {row.ts}"
        elif row.part and row.thread_ts != message.thread_ts:
            yield f"{where}: stands in another thread than its row says"
    yield from (f"{id_}: stands {count} times" for id_, count in seen.items() if count > 1)


def _rows(books: Books, script: Script) -> Iterator[str]:
    """Every row has come to an end: it stands, somebody took it away, or it says why not.

    What did not go out says a reason that a trouble of that time explains.
    """
    there = {str(marked(message)["delivery"]) for _, message in books.messages()}
    for row in books.rows.values():
        where = f"{row.channel} {row.post} part {row.part} ({row.occasion})"
        if row.state is DeliveryState.SENT:
            taken = row.ts in books.life.deleted or books.gone.get(row.id, False)
            if row.id not in there and not taken:
                yield f"{where}: lost, sent as {row.ts} and not there"
        elif row.state not in (DeliveryState.HELD, DeliveryState.REFUSED):
            yield f"{where}: still {row.state.value} since {row.due_at}: {row.reason}"
        elif not row.reason:
            yield f"{where}: {row.state.value} without a reason"
        elif not _explained(books, row):
            yield f"{where}: {row.state.value} on {row.due_at} in peace: {row.reason}"


def _explained(books: Books, row: Delivery) -> bool:
    if key_of(row.reason) in {"part-gone", "recalled"}:  # never sent, and not wanted any more
        return True
    return _troubled(books.life, row.channel, row.due_at - timedelta(days=2), row.due_at)


def _troubled(life: Community, channel: str, begin: datetime, end: datetime) -> bool:
    """Whether anything was wrong for a channel around some time."""
    return any(
        one.channel in ("", channel) and one.begin <= end and begin <= one.end + AFTERMATH
        for one in life.incidents
    )


def _order(books: Books, script: Script) -> Iterator[str]:
    """Cards stand in the order of their rows, parts in that of their thread."""
    for channel in books.life.subscribed:
        threads: dict[str, list[int]] = {}
        for message in books.life.messages(channel):
            row = books.rows.get(str(marked(message)["delivery"]))
            if row is not None and row.part:
                threads.setdefault(message.thread_ts, []).append(row.part)
        for thread, parts in threads.items():
            if parts != sorted(parts):
                yield f"{channel} {thread}: parts stand as {parts}"
        cards = [
            row
            for message in books.life.messages(channel)
            if (row := books.rows.get(str(marked(message)["delivery"])))
            and row.part == 0
            and row.occasion == plan.PUBLISH
        ]
        for before, after in itertools.pairwise(cards):
            peace = not _troubled(
                books.life, channel, after.due_at - timedelta(days=4), before.due_at
            )
            if before.seq > after.seq and peace:
                yield f"{channel}: {before.post} stands before {after.post}, which came first"


def _texts(books: Books, script: Script) -> Iterator[str]:
    """What stands says what the file says now, part by part, small print aside."""
    life = books.life
    assert life.bot is not None
    settings, sites = life.bot.settings, life.bot.sites
    now = set(life.taking(life.now))
    posts: dict[tuple[str, str, str], dict[int, Message]] = {}
    for channel, message in books.messages():
        row = books.rows.get(str(marked(message)["delivery"]))
        if row is not None and channel in now and row.post in books.entries:
            posts.setdefault((channel, row.post, row.occasion), {})[row.part] = message
    for (channel, post, occasion), parts in posts.items():
        entry = books.entries[post]
        chosen = next(one for one in settings.channels if one.id == channel)
        made = composition(plan.post_of(entry, sites[entry.source]), chosen, settings).messages
        where = f"{channel} {post} ({occasion})"
        for part, message in parts.items():
            if part >= len(made):
                yield f"{where}: part {part} stands there still"
            elif _blocks(message)[: len(made[part].blocks)] != [
                _plain(b) for b in made[part].blocks
            ]:
                yield f"{where}: part {part} says something else than the file"
        missing = set(range(len(made))) - parts.keys()
        if 0 in parts and any(not _kept_back(books, channel, post, part) for part in missing):
            yield f"{where}: parts {sorted(missing)} of {len(made)} are missing"


def _kept_back(books: Books, channel: str, post: str, part: int) -> bool:
    return any(
        (row.channel, row.post, row.part) == (channel, post, part)
        and (row.state is not DeliveryState.SENT or row.ts in books.life.deleted)
        for row in books.rows.values()
    )


def _blocks(message: Message) -> list[object]:
    return [_plain(block) for block in message.blocks]


def _plain(block: object) -> object:
    """A block without the ids that Slack gives."""
    if isinstance(block, dict):
        return {key: _plain(value) for key, value in block.items() if key != "block_id"}
    if isinstance(block, list | tuple):
        return [_plain(one) for one in block]
    return block


def _fan_out(books: Books, script: Script) -> Iterator[str]:
    """An announced post has rows for every channel that took it then, and for no other."""
    for entry in books.entries.values():
        if entry.state is not PostState.ANNOUNCED:
            continue
        rows = [row for row in books.rows.values() if row.post == entry.id and row.part == 0]
        rows = [row for row in rows if row.channel != MAINTAINERS]
        channels = [row.channel for row in rows if row.occasion == "publish"]
        if len(channels) != len(set(channels)):
            yield f"{entry.id}: rows for {channels}"
        first = set(books.life.subscribed) - {LATER}
        if not first <= {row.channel for row in rows}:
            yield f"{entry.id}: rows for {channels} only"


def _moments(books: Books, script: Script) -> Iterator[str]:
    """In peace a card comes at the moment that its channel wants, on the wall clock there."""
    for channel, message in books.messages():
        payload = marked(message)
        row = books.rows.get(str(payload["delivery"]))
        if payload["part"] != 0 or row is None or row.occasion != "publish":
            continue
        sent = (datetime.fromtimestamp(float(message.ts), UTC) + BEHIND).astimezone(ZONE)
        if not _fits(channel, sent) and not _troubled(
            books.life, channel, row.due_at - timedelta(minutes=1), sent
        ):
            yield f"{channel} {row.post}: came at {sent:%a %Y-%m-%d %H:%M %Z}"


def _fits(channel: str, sent: datetime) -> bool:
    """Whether a moment is one that the channel wants; half past two may not exist on a Sunday."""
    wall = sent.time()
    if channel == GENERAL:
        return sent.weekday() == 4 and time(17) <= wall < time(17, 10)
    if channel == ZH:
        half_past = [time(2, 30), time(3, 30)]
        near = any(one <= wall < one.replace(minute=40) for one in half_past)
        return sent.weekday() == 6 and near
    if channel == NIGHT:
        return time(8) <= wall < time(22)
    return True
