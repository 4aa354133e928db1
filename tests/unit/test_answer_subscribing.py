"""Subscribing in Slack: who may, what can be wished for, what is said."""

import pytest

from bot.answer import answer, greeting
from bot.model.ids import ChannelId
from bot.model.people import Command
from tests.answer_fakes import ADA, LIN, NOOR, FakeSubscribing, an_issue, said, tools

HERE = ChannelId("CNEW")
RED = "T0RED"


SOURCES = [
    {"id": "weekly", "path": "posts"},
    {"id": "meetups", "path": "meetups", "role": "events"},
]


def asked(verb: str, words: str = "", person=ADA, channel: ChannelId = HERE) -> Command:
    """Somebody types a verb in a channel."""
    return Command(verb, words, person, channel)


async def test_any_member_of_an_installed_workspace_subscribes_a_channel():
    """Everything, as a thread, in the site's language, unless other wishes are said."""
    subscribing = FakeSubscribing()

    reply = await answer(
        asked("subscribe"), tools(subscribing=subscribing, workspace=RED, sources=SOURCES)
    )

    wishes = subscribing.kept[HERE]
    assert (wishes.workspace, wishes.sources, wishes.style, wishes.language) == (
        RED,
        (),
        "thread",
        "",
    )
    assert wishes.sections.only == ()
    assert "gets new posts from now on" in said(reply)
    assert "Sources: all" in said(reply)


@pytest.mark.parametrize(
    ("words", "person"),
    [
        ("weekly card zh only events, releases", ADA),
        ("中文 卡片 weekly 只要 活动，发布", LIN),
        ("CARD Chinese EVENTS Releases in weekly", ADA),
    ],
)
async def test_wishes_are_said_in_any_order_and_in_two_languages(words, person):
    """Sources, style, language, kinds of section; words between them mean nothing."""
    subscribing = FakeSubscribing()

    reply = await answer(
        asked("subscribe", words, person),
        tools(subscribing=subscribing, workspace=RED, sources=SOURCES),
    )

    wishes = subscribing.kept[HERE]
    assert (wishes.sources, wishes.style, wishes.language) == (("weekly",), "card", "zh")
    assert wishes.sections.only == ("events", "releases")
    assert "weekly" in said(reply)


async def test_a_word_that_means_nothing_changes_nothing():
    """It is said which, and what is possible."""
    subscribing = FakeSubscribing()

    reply = await answer(
        asked("subscribe", "crad weekly oops"),
        tools(subscribing=subscribing, workspace=RED, sources=SOURCES),
    )

    assert subscribing.kept == {}
    assert "“crad” means nothing" in said(reply)
    assert "weekly" in said(reply)


async def test_subscribing_again_changes_the_wishes():
    """There is one subscription of a channel."""
    subscribing = FakeSubscribing()
    bench = tools(subscribing=subscribing, workspace=RED, sources=SOURCES)
    await answer(asked("subscribe"), bench)

    reply = await answer(asked("subscribe", "full"), bench)

    assert subscribing.kept[HERE].style == "full"
    assert "From the next post on" in said(reply)


async def test_where_the_bot_cannot_go_by_itself_it_asks_to_be_invited():
    """Nothing is kept, nothing is promised."""
    subscribing = FakeSubscribing(shut=[HERE])

    reply = await answer(
        asked("subscribe"), tools(subscribing=subscribing, workspace=RED, sources=SOURCES)
    )

    assert "/invite @digestbot" in said(reply)
    assert "Sources" not in said(reply)


async def test_at_home_maintainers_decide():
    """Others are told whom to ask."""
    subscribing = FakeSubscribing()
    bench = tools(subscribing=subscribing)

    for verb in ("subscribe", "unsubscribe"):
        assert "Only maintainers" in said(await answer(asked(verb), bench))
    assert subscribing.kept == {}

    await answer(asked("subscribe", person=NOOR), bench)
    assert HERE in subscribing.kept


@pytest.mark.parametrize("verb", ["subscribe", "unsubscribe"])
async def test_what_the_settings_say_is_changed_there(verb):
    """A channel of the settings is the operator's."""
    bench = tools(workspace=RED, sources=SOURCES)
    named = ChannelId(bench.settings.channels[0].id)

    reply = await answer(asked(verb, channel=named), bench)

    assert "settings of the operator" in said(reply)


async def test_unsubscribing_ends_it_once():
    """The second time there is nothing to end."""
    subscribing = FakeSubscribing()
    bench = tools(subscribing=subscribing, workspace=RED, sources=SOURCES)
    await answer(asked("subscribe"), bench)

    assert "no new posts any more" in said(await answer(asked("unsubscribe"), bench))
    assert "gets no posts by itself" in said(await answer(asked("退订"), bench))


async def test_settings_show_what_a_channel_gets():
    """Or that it gets nothing."""
    subscribing = FakeSubscribing()
    bench = tools(subscribing=subscribing, workspace=RED, sources=SOURCES)
    assert "gets no posts" in said(await answer(asked("settings"), bench))

    await answer(asked("subscribe", "card en events"), bench)

    shown = said(await answer(asked("settings"), bench))
    assert "What this channel gets" in shown
    assert "English" in shown
    assert "events" in shown


async def test_who_invites_the_bot_reads_how_to_subscribe_unless_it_is_done():
    """In the language of who invites it."""
    subscribing = FakeSubscribing()
    bench = tools(subscribing=subscribing, workspace=RED, sources=SOURCES)

    (message,) = await greeting(ADA, HERE, bench)
    assert "/digest subscribe" in message.text
    (message,) = await greeting(LIN, HERE, bench)
    assert "/digest 订阅" in message.text

    await answer(asked("subscribe"), bench)
    assert await greeting(ADA, HERE, bench) == ()


async def test_a_channel_that_subscribed_is_reposted_to_named_or_not():
    """Without a name a repost goes where a new post goes."""
    subscribing = FakeSubscribing()
    issue = an_issue(41)
    bench = tools(issues=[issue], subscribing=subscribing, sources=SOURCES)
    await answer(asked("subscribe", person=NOOR), bench)

    named = said(await answer(asked("repost", f"41 <#{HERE}>", NOOR), bench))
    everywhere = said(await answer(asked("repost", "41", NOOR), bench))

    assert f"<#{HERE}>" in named
    assert f"<#{HERE}>" in everywhere
