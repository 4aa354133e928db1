"""A small archive in memory, people and tools for the tests of answers."""

# ruff: noqa: D102, ARG002 (the ports say what the methods do; fakes need not look at the time)

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.agenda import Correction, Gathering, GatheringState, Interest, Teller, Unjoined
from bot.answer import Tools
from bot.answer.calendar import Calendars
from bot.answer.reading import is_recalled
from bot.aside import at_once
from bot.model.deliveries import Delivery, DeliveryState, Pause
from bot.model.ids import HOME, ChannelId, DeliveryId, PostId, UserId, WorkspaceId
from bot.model.people import Command, Person, Reply
from bot.model.posts import Entry, Hit, Meetup, PostState, Revision, Role, SourceHealth
from bot.plan import over_at
from bot.plan.joining import corrected
from bot.reasons import reason
from config.model import ChannelSettings, MaintainerSettings, Settings, SiteSettings
from formatters.document import Site
from formatters.message import Block, Message
from formatters.slack.limits import faults, message_faults
from formatters.slack.spoken import spoken

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ADA = Person(UserId("UADA"), "en", "America/New_York", maintainer=False)
LIN = Person(UserId("ULIN"), "zh", "Asia/Shanghai", maintainer=False)
MEI = Person(UserId("UMEI"), "zh", "Asia/Shanghai", maintainer=True)
NOOR = Person(UserId("UNOOR"), "en", "Europe/London", maintainer=True)
SITE = "https://lanternfish.example"


def an_issue(number: int, *, title: str = "", body: str = "", url: str | None = None) -> Entry:
    """An archived issue; number 41 is of 20 November 2026, one a week."""
    date = datetime(2026, 11, 20, 1, 0, tzinfo=UTC) - timedelta(weeks=41 - number)
    title = title or f"Lanternfish Weekly #{number}"
    slug = f"weekly-{number}"
    text = f"---\ntitle: {title!r}\ndate: {date.isoformat()}\n---\n{body or BODY}"
    return Entry(
        id=PostId(f"weekly:{slug}/index.md"),
        source="weekly",
        role=Role.ISSUES,
        path=f"{slug}/index.md",
        revision=f"r{number}",
        title=title,
        date=date,
        number=number,
        language="en",
        url=f"{SITE}/blog/{slug}/" if url is None else url,
        text=text,
        draft=False,
        expires=None,
        first_run=False,
        first_seen=date,
        changed_at=date,
        state=PostState.ANNOUNCED,
        reason="published",
    )


def a_recalled_issue(number: int) -> Entry:
    """An archived issue that maintainers took back."""
    return replace(an_issue(number), state=PostState.SKIPPED, reason=reason("recalled"))


BODY = """Hello, readers.

## Worth reading

- [Abyss storage](https://lanternfish.example/abyss) keeps **everything**.
- <!channel> & others are only text.
"""


START = datetime(2026, 12, 5, 14, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
END = START.replace(hour=17)


def a_meetup(title: str = "Night dive", **changes: object) -> Meetup:
    """A meetup in Shanghai on the afternoon of 5 December 2026."""
    meetup = Meetup(
        post=PostId("activities:night-dive.md"),
        title=title,
        start=START,
        end=END,
        all_day=False,
        place="Hangzhou",
        online=False,
        kind="meetup",
        register_url=f"{SITE}/register",
        url=f"{SITE}/activities/night-dive/",
    )
    return replace(meetup, **changes)  # type: ignore[arg-type]  # builders take any field


def a_row(
    part: int = 0,
    *,
    state: DeliveryState = DeliveryState.HELD,
    reason: str = "ask a maintainer",
) -> Delivery:
    """A delivery row of issue 41."""
    return Delivery(
        id=DeliveryId(f"d{part}"),
        seq=part,
        post=PostId("weekly:weekly-41/index.md"),
        revision="r41",
        channel=ChannelId("C1"),
        part=part,
        occasion="publish",
        message=Message("text", ({"type": "divider"},)),
        state=state,
        attempts=0,
        due_at=NOW,
        attempted_at=None,
        ts=None,
        thread_ts=None,
        parent_state=None,
        reason=reason,
    )


@dataclass
class FakeLibrary:
    """The port `Library` over lists, newest first."""

    issues: Sequence[Entry] = ()

    async def latest(self, now: datetime) -> Entry | None:
        return next((i for i in self.issues if not is_recalled(i)), None)

    async def find(self, words: str, now: datetime) -> Entry | None:
        wanted = words.removeprefix("#")
        named = (i for i in self.issues if wanted in {str(i.number), i.path})
        titled = (i for i in self.issues if words.lower() in i.title.lower())
        return next(named, None) or next(titled, None)

    async def page(
        self, now: datetime, *, offset: int, limit: int, recalled: bool = False
    ) -> tuple[tuple[Entry, ...], int]:
        shown = [i for i in self.issues if recalled or not is_recalled(i)]
        return tuple(shown[offset : offset + limit]), len(shown)

    async def search(self, words: str, now: datetime, *, limit: int) -> tuple[Hit, ...]:
        found = (i for i in self.issues if all(w in i.text for w in words.split()))
        return tuple(Hit(i, f"… {words} …") for i in found)[:limit]

    async def meetups(self, after: datetime, *, limit: int) -> tuple[Meetup, ...]:
        return ()


@dataclass
class FakeAgenda:
    """The port `Agenda` over a list, as far as answers use it; what is said counts at once."""

    known: list[Gathering] = field(default_factory=list)
    said: dict[str, Correction] = field(default_factory=dict)
    who: dict[tuple[UserId, str], Interest] = field(default_factory=dict)
    posts: dict[PostId, Teller] = field(default_factory=dict)

    async def upcoming(self, after: datetime, *, limit: int) -> tuple[Gathering, ...]:
        on = [one for one in self.known if one.state is GatheringState.ON]
        return tuple(one for one in on if (over := over_at(one.meetup)) and over > after)[
            :limit
        ]

    async def past(self, before: datetime, *, limit: int) -> tuple[Gathering, ...]:
        on = [one for one in self.known if one.state is GatheringState.ON]
        over = [one for one in on if (end := over_at(one.meetup)) and end <= before]
        return tuple(reversed(over))[:limit]

    async def undated(self, told_after: datetime, *, limit: int) -> tuple[Gathering, ...]:
        return tuple(one for one in self.known if one.meetup.start is None)[:limit]

    async def changed(self, after: datetime, told_after: datetime) -> tuple[Gathering, ...]:
        return tuple(self.known)

    async def gatherings(self, uids: Collection[str]) -> tuple[Gathering, ...]:
        return tuple(one for one in self.known if one.uid in uids)

    async def tellers(self, posts: Collection[PostId]) -> Mapping[PostId, Teller]:
        return {post: self.posts[post] for post in posts if post in self.posts}

    async def correct(self, correction: Correction) -> None:
        self.said[correction.uid] = correction

    async def correction(self, uid: str) -> Correction | None:
        return self.said.get(uid)

    async def interest(self, interest: Interest, now: datetime) -> None:
        self.who.setdefault((interest.user, interest.uid), replace(interest, since=now))

    async def forget(self, interest: Interest) -> None:
        self.who.pop((interest.user, interest.uid), None)

    async def interests(self, uids: Collection[str]) -> tuple[Interest, ...]:
        return tuple(one for one in self.who.values() if one.uid in uids)

    async def unjoined(self, now: datetime) -> Unjoined | None:
        return None

    async def record(
        self, unjoined: Unjoined, gatherings: Sequence[Gathering], now: datetime
    ) -> bool:
        return True

    async def regather(self) -> None:
        """What maintainers said, in what is known."""
        now = tuple(self.known)
        known = {one.uid: one for one in now}
        self.known[:] = corrected(now, tuple(self.said.values()), known)


def a_gathering(title: str = "Night dive", *, uid: str = "", **changes: object) -> Gathering:
    """The meetup of `a_meetup` as it is recorded."""
    meetup = a_meetup(title, **changes)
    return Gathering(
        uid or title.casefold().replace(" ", "-"), meetup, (meetup.post,), posted=NOW
    )


@dataclass
class FakeDesk:
    """The port `Desk` over lists."""

    issues: Sequence[Entry] = ()
    rows: Sequence[Delivery] = ()
    sources: Sequence[SourceHealth] = ()
    changes: Sequence[Delivery] = ()

    async def post(self, post: PostId) -> Entry | None:
        return next((i for i in self.issues if i.id == post), None)

    async def deliveries(self, post: PostId) -> tuple[Delivery, ...]:
        return tuple(row for row in self.rows if row.post == post)

    async def edits(self, post: PostId) -> tuple[Delivery, ...]:
        return tuple(row for row in self.changes if row.post == post)

    async def revisions(self, post: PostId) -> tuple[Revision, ...]:
        return ()

    async def held(self, source: str) -> tuple[Entry, ...]:
        held = PostState.HELD
        return tuple(i for i in self.issues if (i.source, i.state) == (source, held))

    async def counts(self) -> Mapping[DeliveryState, int]:
        return {s: sum(r.state is s for r in self.rows) for s in DeliveryState}

    async def recalled(self, post: PostId | None = None) -> Mapping[DeliveryState, int]:
        taken = [i.id for i in self.issues if is_recalled(i) and post in {None, i.id}]
        return Counter(row.state for row in self.rows if row.post in taken)

    async def waiting(self, limit: int) -> tuple[Delivery, ...]:
        return tuple(r for r in self.rows if r.state is not DeliveryState.SENT)[:limit]

    async def health(self) -> tuple[SourceHealth, ...]:
        return tuple(self.sources)


@dataclass
class FakeClock:
    """Time that stands until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class FakeRepost:
    """Remembers what was asked for, once for each occasion."""

    done: dict[str, tuple[PostId, tuple[ChannelId, ...]]] = field(default_factory=dict)

    async def __call__(
        self, entry: Entry, *, channels: Sequence[ChannelId], occasion: str
    ) -> object:
        self.done.setdefault(occasion, (entry.id, tuple(channels)))
        return None


@dataclass
class FakeSkip:
    """Remembers what was left out."""

    done: list[PostId] = field(default_factory=list)

    async def __call__(self, entries: Sequence[Entry]) -> None:
        self.done += [entry.id for entry in entries]


@dataclass
class FakeApproval:
    """Decides once on each post that waits; `told` is what the question has become."""

    waiting: set[PostId] = field(default_factory=set)
    done: list[tuple[PostId, bool, UserId]] = field(default_factory=list)
    told: Message | None = None

    async def judge(self, entry: Entry, *, approved: bool, who: UserId) -> bool:
        if entry.id not in self.waiting:
            return False
        self.waiting.remove(entry.id)
        self.done.append((entry.id, approved, who))
        return True

    async def decided(self, entry: Entry) -> Message | None:
        return self.told


CHANNELS = (
    ChannelSettings(id="C1", sources=("weekly",)),
    ChannelSettings(id="C2", style="card", language="zh"),
    ChannelSettings(id="C3", sources=("activities",)),
)


def settings(**changes: object) -> Settings:
    """Settings with three channels and a maintainer."""
    values: dict[str, object] = {
        "site": SiteSettings(name="Lanternfish", url=SITE, timezone="Asia/Shanghai"),
        "channels": CHANNELS,
        "maintainers": MaintainerSettings(users=("UMEI",)),
    }
    return Settings.model_validate(values | changes)


@dataclass
class FakeUpkeep:
    """Remembers what was asked of it."""

    paused: dict[str, str] = field(default_factory=dict)
    gone: tuple[Pause, ...] = ()
    recalled: list[tuple[str, bool]] = field(default_factory=list)

    async def recall(self, entry: Entry, *, strike: bool = False) -> int:
        self.recalled.append((entry.id, strike))
        return 3

    async def pause(self, channel: ChannelId, who: str) -> bool:
        known = channel in self.paused
        self.paused.setdefault(channel, who)
        return not known

    async def pauses(self) -> tuple[Pause, ...]:
        asked = tuple(Pause(HOME, ChannelId(one), "", NOW, dead=False) for one in self.paused)
        return asked + self.gone

    async def resume(self, channel: ChannelId) -> Pause | None:
        if self.paused.pop(channel, None) is None:
            return None
        return Pause(HOME, channel, "", NOW, dead=False)


class FakeSubscribing:
    """Keeps what channels wish; those of `shut` have to invite the bot first."""

    def __init__(
        self, *, shut: Sequence[str] = (), settled: Sequence[ChannelSettings] = CHANNELS
    ) -> None:
        self.kept: dict[ChannelId, ChannelSettings] = {}
        self.shut = shut
        self.settled = settled

    async def wishes(self, channel: ChannelId) -> ChannelSettings | None:
        """What a channel gets."""
        return self.kept.get(channel)

    async def channels(self) -> tuple[ChannelSettings, ...]:
        """Those of the settings, then the others."""
        return (*self.settled, *self.kept.values())

    async def subscribe(
        self, wishes: ChannelSettings, by: UserId
    ) -> Literal["begun", "changed", "outside"]:
        """Let a channel have new posts."""
        if wishes.id in self.shut:
            return "outside"
        known = ChannelId(wishes.id) in self.kept
        self.kept[ChannelId(wishes.id)] = wishes
        return "changed" if known else "begun"

    async def unsubscribe(self, channel: ChannelId, by: UserId) -> bool:
        """Let it have no more."""
        return self.kept.pop(channel, None) is not None


def tools(  # noqa: PLR0913 - one fake each
    *,
    issues: Sequence[Entry] = (),
    coming: "Sequence[Gathering] | FakeAgenda" = (),
    desk: FakeDesk | None = None,
    repost: FakeRepost | None = None,
    skip: FakeSkip | None = None,
    approval: "FakeApproval | None" = None,
    upkeep: "FakeUpkeep | None" = None,
    subscribing: FakeSubscribing | None = None,
    workspace: str = "",
    **changes: object,
) -> Tools:
    """Tools over the fakes."""
    agenda = coming if isinstance(coming, FakeAgenda) else FakeAgenda(list(coming))
    clock, chosen = FakeClock(), settings(**changes)
    return Tools(
        library=FakeLibrary(issues),
        desk=desk or FakeDesk(issues=issues),
        clock=clock,
        repost=repost or FakeRepost(),
        skip=skip or FakeSkip(),
        approval=approval or FakeApproval(),
        upkeep=upkeep or FakeUpkeep(),
        subscribing=subscribing or FakeSubscribing(settled=chosen.channels),
        workspace=WorkspaceId(workspace),
        sites={"weekly": Site(name="Lanternfish", url=SITE, zone="Asia/Shanghai")},
        settings=chosen,
        agenda=agenda,
        regather=agenda.regather,
        calendars=Calendars(agenda, clock, chosen.site, at_once),
        calendar=chosen.address,
    )


def agenda_of(kit: Tools) -> FakeAgenda:
    """The agenda of `tools`."""
    assert isinstance(kit.agenda, FakeAgenda)
    return kit.agenda


def said(reply: Reply) -> str:
    """All words of an answer, markup of ours included."""
    return "\n".join(spoken_with_markup(message.blocks) for message in reply.messages)


def spoken_with_markup(blocks: Sequence[Block]) -> str:
    """Words of blocks, sections of mrkdwn too."""
    sections = [
        str(text.get("text"))
        for block in blocks
        if isinstance(text := block.get("text"), Mapping) and text.get("type") == "mrkdwn"
    ]
    return "\n".join([spoken(blocks), *sections])


def button(reply: Reply, action: str) -> Mapping[str, object]:
    """The button of an answer whose action_id starts so."""
    found = [
        element
        for message in reply.messages
        for block in message.blocks
        if isinstance(elements := block.get("elements"), Sequence)
        for element in elements
        if isinstance(element, Mapping) and str(element.get("action_id")).startswith(action)
    ]
    assert found, f"no button {action}"
    return found[0]


def pressed(reply: Reply, action: str, person: Person, *, nonce: str = "click") -> Command:
    """The command that a click on a button of an answer becomes."""
    element = button(reply, action)
    verb = str(element["action_id"]).split(".")[1]
    return Command(verb, str(element.get("value", "")), person, ChannelId("C1"), nonce)


def assert_deliverable(reply: Reply, *, mentions: bool = False) -> None:
    """Slack would take every message of an answer, and there are not too many."""
    assert len(reply.messages) <= 5
    for message in reply.messages:
        found = message_faults(message.text, message.blocks)
        wrong = [f for f in found if not (mentions and f.message.startswith("mentions"))]
        assert not wrong, wrong


def assert_showable(blocks: Sequence[Block]) -> None:
    """Slack would take these blocks as a Home tab."""
    assert faults(blocks, surface="home") == ()
