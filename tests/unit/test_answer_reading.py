"""Answers to members: the latest issue, one issue, lists, search, meetups, help."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.answer import answer, apology
from bot.answer.finding import marked
from bot.model.ids import ChannelId
from bot.model.people import Command, Reply
from bot.model.posts import Hit
from tests.answer_fakes import (
    ADA,
    END,
    LIN,
    MEI,
    NOOR,
    SITE,
    START,
    a_gathering,
    a_recalled_issue,
    an_issue,
    assert_deliverable,
    button,
    pressed,
    said,
    tools,
)

ISSUES = tuple(an_issue(number) for number in range(41, 17, -1))
BY_PERSON = pytest.mark.parametrize("person", [ADA, LIN], ids=["en", "zh"])


async def ask(line, person, kit) -> Reply:
    """Ask as typed; every answer must be deliverable."""
    verb, _, words = line.partition(" ")
    reply = await answer(Command(verb, words, person, ChannelId("C1"), "n1"), kit)
    assert_deliverable(reply)
    return reply


# ------------------------------------------------------------------ recalled


@BY_PERSON
async def test_a_recalled_issue_is_not_shown_to_members(person):
    """Not as the latest, not in the list; who names it reads that it was recalled."""
    kit = tools(issues=[a_recalled_issue(41), an_issue(40)])

    told = await ask("issue 41", person, kit)

    assert "Lanternfish Weekly #41" in said(told)
    assert "Abyss" not in said(told)
    assert "repost" not in said(told)
    assert "#40" in (await ask("latest", person, kit)).messages[0].text
    assert "#41" not in said(await ask("list", person, kit))


@pytest.mark.parametrize(("person", "word"), [(NOOR, "repost"), (MEI, "重发")])
async def test_maintainers_see_what_was_recalled_marked_as_such(person, word):
    """And read what brings it back."""
    kit = tools(issues=[a_recalled_issue(41), an_issue(40)])

    listed = said(await ask("list", person, kit)).splitlines()

    (line,) = [one for one in listed if "#41 " in one]
    assert line.endswith(("recalled", "已撤回"))
    assert not any(one.endswith(("recalled", "已撤回")) for one in listed if "#40 " in one)
    assert f"/digest {word} 41" in said(await ask("issue 41", person, kit))


# ------------------------------------------------------------------ latest and issue


@BY_PERSON
async def test_latest_is_the_newest_issue_whole(person):
    """The card first, then everything that is in the issue."""
    reply = await ask("latest", person, tools(issues=ISSUES))
    assert len(reply.messages) == 2
    assert "Lanternfish Weekly #41" in reply.messages[0].text
    assert "keeps everything" in said(reply)
    assert not reply.replace


@BY_PERSON
@pytest.mark.parametrize("line", ["latest", "list"])
async def test_an_empty_archive_says_so(line, person):
    """Before the first issue, members read that there is none yet."""
    reply = await ask(line, person, tools())
    assert said(reply).strip() in {"No issue has been published yet.", "还没有发布过任何一期。"}


async def test_a_long_issue_is_cut_at_five_messages_and_says_where_the_rest_is():
    """What does not fit is told in words, with the link to the page."""
    body = "\n\n".join(f"## Part {n}\n\n" + "Plankton drifts by. " * 200 for n in range(40))
    kit = tools(issues=[an_issue(41, body=body)])
    reply = await ask("latest", ADA, kit)
    assert len(reply.messages) == 5
    assert "3 of" in said(Reply(reply.messages[-1:]))
    assert f"{SITE}/blog/weekly-41/" in str(reply.messages[-1].blocks)


async def test_a_long_issue_without_a_page_only_says_that_it_is_cut():
    """No link is made up."""
    body = "\n\n".join(f"## Part {n}\n\n" + "Plankton drifts by. " * 200 for n in range(40))
    reply = await ask("latest", ADA, tools(issues=[an_issue(41, body=body, url="")]))
    assert "link" not in str(reply.messages[-1].blocks)


async def test_a_post_that_cannot_be_read_any_more_is_linked():
    """A broken header in the archive gives words, not a failure."""
    broken = replace(an_issue(41), text="---\ntitle: [\n---\nbody")
    reply = await ask("latest", ADA, tools(issues=[broken]))
    assert "cannot be shown" in said(reply)
    assert broken.url in str(reply.messages)


@pytest.mark.parametrize(
    "line",
    [
        "issue 40",
        "issue #40",
        "40",
        "#40",
        "issue weekly-40/index.md",
        "show 40",
        "查看 40",
        "阅读40",
    ],
)
async def test_an_issue_is_found_by_what_people_type(line):
    """Numbers, paths, a number alone, Chinese verbs with and without a space."""
    assert "Weekly #40" in said(await ask(line, ADA, tools(issues=ISSUES)))


@pytest.mark.parametrize("line", ["第 41 期", "第41期"])
async def test_an_issue_number_in_chinese_asks_for_that_issue(line):
    """The words reach the library as they were typed."""
    kit = tools(issues=[an_issue(7, title="第41期 第 41 期")])
    assert "第41期" in said(await ask(line, LIN, kit))


@pytest.mark.parametrize("line", ["issue latest", "查看 最新", "issue NEWEST"])
async def test_the_latest_issue_can_be_meant_by_its_word(line):
    """A word for the latest is no part of a title."""
    assert "Weekly #41" in said(await ask(line, ADA, tools(issues=ISSUES)))


@BY_PERSON
async def test_issue_without_words_explains_itself(person):
    """The answer shows what to type."""
    assert "/digest" in said(await ask("issue", person, tools(issues=ISSUES)))


@BY_PERSON
async def test_an_unknown_issue_leads_to_the_list(person):
    """A button leads on."""
    kit = tools(issues=ISSUES)
    reply = await ask("issue 999", person, kit)
    assert "999" in said(reply)
    assert await answer(pressed(reply, "digest.list", person), kit) == await ask(
        "list", person, kit
    )


# ------------------------------------------------------------------ list


@BY_PERSON
async def test_a_list_has_pages_that_turn_in_place(person):
    """Newest first, ten to a page, buttons to the pages beside it."""
    kit = tools(issues=ISSUES)
    first = await ask("list", person, kit)
    assert "#41" in said(first)
    assert "#31" not in said(first)
    assert not first.replace

    second = await answer(pressed(first, "digest.list_turn.older", person), kit)
    assert_deliverable(second)
    assert "#31" in said(second)
    assert second.replace

    last = await answer(pressed(second, "digest.list_turn.older", person), kit)
    assert "#18" in said(last)
    with pytest.raises(AssertionError, match="no button"):
        button(last, "digest.list_turn.older")
    back = await answer(pressed(last, "digest.list_turn.newer", person), kit)
    assert back == second


@BY_PERSON
async def test_each_listed_issue_opens_by_its_button(person):
    """The button says the path, so that two issues of one number are told apart."""
    kit = tools(issues=ISSUES)
    reply = await ask("list", person, kit)
    opened = await answer(pressed(reply, "digest.issue.3", person), kit)
    assert "Weekly #38" in said(opened)


async def test_a_page_beyond_the_end_says_how_many_there_are():
    """`list 99` names the last page."""
    assert "page 3" in said(await ask("list 99", ADA, tools(issues=ISSUES)))
    kit = tools(issues=ISSUES)
    assert "page 999999" in said(await ask(f"list {'9' * 5000}", ADA, kit))


@pytest.mark.parametrize("words", ["0", "-1", "all", "²"])
async def test_a_strange_page_is_the_first_one(words):
    """What is no page number lists from the newest."""
    assert "#41" in said(await ask(f"list {words}", ADA, tools(issues=ISSUES)))


@BY_PERSON
async def test_issues_without_number_date_or_title_can_be_listed(person):
    """Every issue has some name on its button."""
    bare = replace(an_issue(40), number=None, date=None)
    nameless = replace(bare, title="")
    dated = replace(an_issue(39), number=None)
    reply = await ask("list", person, tools(issues=[bare, nameless, dated]))
    labels = [str(button(reply, f"digest.issue.{n}")["text"]) for n in range(3)]
    assert "Lanternfish Weekly #40" in labels[0]
    assert "weekly-40/index.md" in labels[1]
    assert "2026" in labels[2]


async def test_dates_are_those_of_the_sites_zone():
    """An issue of 1 January in Shanghai is not of 31 December."""
    issue = replace(an_issue(41), date=datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    assert "1 January 2027" in said(await ask("list", ADA, tools(issues=[issue])))


# ------------------------------------------------------------------ search


def test_what_was_looked_for_stands_out_in_bold():
    """The rest of the snippet does not, and no text is lost or doubled."""
    hit = Hit(ISSUES[0], "deep mesh and Mesh!", ((5, 9), (14, 18)))

    spans = list(marked(hit))

    assert "".join(span.text for span in spans) == hit.snippet
    assert [span.text for span in spans if span.bold] == ["mesh", "Mesh"]
    assert [span.text for span in marked(Hit(ISSUES[0], "plain"))] == ["plain"]


@BY_PERSON
async def test_search_shows_issues_with_the_words_around_the_hit(person):
    """Each hit has a link, its date, a snippet and a button."""
    kit = tools(issues=ISSUES)
    reply = await ask("search Abyss storage", person, kit)
    assert "… Abyss storage …" in said(reply)
    assert "Weekly #41" in said(await answer(pressed(reply, "digest.issue.0", person), kit))


async def test_many_hits_ask_for_more_words():
    """Eight are shown, and it says that there are more."""
    reply = await ask("search Abyss", ADA, tools(issues=ISSUES))
    assert "first 8" in said(reply)


async def test_few_hits_do_not():
    """One hit is all there is."""
    assert "first" not in said(await ask("search Abyss", ADA, tools(issues=ISSUES[:1])))


async def test_a_hit_without_a_snippet_is_a_line():
    """A word of one letter may be found without words around it."""
    reply = await ask("search  ", ADA, tools(issues=ISSUES))
    assert "search storage" in said(reply)


@BY_PERSON
async def test_search_for_nothing_explains_itself(person):
    """`search` alone shows an example."""
    assert "/digest" in said(await ask("search", person, tools(issues=ISSUES)))


@BY_PERSON
async def test_search_without_a_hit_says_so(person):
    """What was searched for is shown as text, whatever it is."""
    reply = await ask("search <!channel> *x*", person, tools(issues=ISSUES))
    assert "<!channel> *x*" in said(reply)
    assert "<!channel>" not in reply.messages[0].text


# ------------------------------------------------------------------ meetups


async def test_a_meetup_stands_in_its_own_time_and_the_readers():
    """Ada in New York reads both."""
    reply = await ask("meetups", ADA, tools(coming=[a_gathering()]))
    assert "Saturday, 5 December 2026, 14:00–17:00 (Asia/Shanghai)" in said(reply)
    assert "For you: Saturday, 5 December 2026, 01:00–04:00 (America/New_York)" in said(reply)
    assert "Hangzhou" in said(reply)
    assert f"{SITE}/register" in str(reply.messages)


async def test_a_reader_in_the_same_zone_sees_one_time():
    """Lin in Shanghai needs no second line, and reads Chinese."""
    reply = await ask("活动", LIN, tools(coming=[a_gathering()]))
    assert "2026 年 12 月 5 日 周六 14:00–17:00（Asia/Shanghai）" in said(reply)
    assert "您的时间" not in said(reply)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"end": None}, "14:00 (Asia/Shanghai)"),
        (
            {"end": END.replace(day=6)},
            "14:00 to Sunday, 6 December 2026, 17:00 (Asia/Shanghai)",
        ),
        ({"all_day": True, "end": None}, "Saturday, 5 December 2026\n"),
        (
            {"all_day": True, "end": END.replace(day=6)},
            "Saturday, 5 December 2026 to Sunday, 6 December 2026\n",
        ),
        ({"all_day": True}, "Saturday, 5 December 2026\n"),
        (
            {"start": datetime.fromisoformat("2026-12-05T14:00:00+05:30"), "end": None},
            "14:00 (UTC+05:30)",
        ),
        ({"start": datetime(2026, 12, 5, 14, tzinfo=UTC), "end": None}, "14:00 (UTC)"),
        (
            {"start": datetime(2026, 12, 5, 14, tzinfo=ZoneInfo("Etc/GMT-8")), "end": None},
            "14:00 (UTC+08:00)",
        ),
        ({"start": None, "end": None}, "Night dive"),
        ({"online": True}, "Hangzhou, online"),
        ({"online": True, "place": ""}, "online"),
        ({"online": True, "place": "Online, Zoom"}, "Online, Zoom"),
        ({"place": ""}, "17:00 (Asia/Shanghai)\n"),
        ({"url": "", "register_url": ""}, "Night dive"),
    ],
)
async def test_a_meetup_says_what_is_known_of_it(changes, expected):
    """Whatever is missing is left out, nothing is made up."""
    reply = await ask("meetups", ADA, tools(coming=[a_gathering(**changes)]))
    assert expected in said(reply) + "\n"


async def test_a_meetup_across_midnight_for_the_reader_names_both_days():
    """A reader's evening can end on the next day."""
    late = a_gathering(start=START.replace(hour=12), end=END.replace(hour=14))
    reply = await ask("meetups", ADA, tools(coming=[late]))
    assert "23:00 to Saturday, 5 December 2026, 01:00 (America/New_York)" in said(reply)


@BY_PERSON
async def test_no_meetups_are_told(person):
    """An empty calendar is an answer."""
    assert said(await ask("meetups", person, tools())).strip()


async def test_many_meetups_are_cut_and_it_is_said():
    """Five are shown."""
    coming = [a_gathering(title=f"Dive {n}") for n in range(12)]
    reply = await ask("meetups", ADA, tools(coming=coming))
    assert "Dive 4" in said(reply)
    assert "Dive 5" not in said(reply)
    assert "12, page 1 of 3" in said(reply)


# ------------------------------------------------------------------ help


@BY_PERSON
async def test_a_bare_command_is_help(person):
    """It lists the verbs in the person's language, a maintainer's verbs not among them."""
    kit = tools(issues=ISSUES)
    reply = await ask("", person, kit)
    assert reply == await ask("help", person, kit)
    assert ("/digest search WORDS" if person is ADA else "/digest 搜索 文字") in said(reply)
    assert "repost" not in said(reply)
    latest = await answer(pressed(reply, "digest.latest", person), kit)
    assert "Weekly #41" in said(latest)


async def test_a_maintainers_help_has_more_verbs():
    """Repost and status are listed for those who may use them."""
    assert "/digest repost ISSUE [#channel]" in said(await ask("help", NOOR, tools()))


async def test_help_names_subscribing_to_those_who_may():
    """Maintainers in the bot's own workspace, everybody where others installed it."""
    assert "subscribe" not in said(await ask("help", ADA, tools()))
    assert "/digest subscribe" in said(await ask("help", NOOR, tools()))
    assert "/digest subscribe" in said(await ask("help", ADA, tools(workspace="T1")))


async def test_help_without_a_site_name_has_a_plain_title():
    """A community that named nothing still gets help."""
    assert "What you can ask" in said(await ask("help", ADA, tools(site={})))


@pytest.mark.parametrize(
    ("line", "verb"),
    [("latets", "latest"), ("meetpus", "meetups"), ("serach coral reef", "search")],
)
async def test_an_unknown_word_gets_the_nearest_verb(line, verb):
    """The button says what was probably meant."""
    kit = tools(issues=ISSUES)
    reply = await ask(line, ADA, kit)
    meant = pressed(reply, f"digest.{verb}.meant", ADA)
    assert "Did you mean" in said(reply)
    assert meant.words == line.partition(" ")[2]


@BY_PERSON
@pytest.mark.parametrize("line", ["xyzzy", "statsu", "<!channel>", "🐟"])
async def test_a_word_without_a_neighbour_leads_to_help(line, person):
    """A member is not led to a maintainer's verb either."""
    kit = tools(issues=ISSUES)
    reply = await ask(line, person, kit)
    helped = await answer(pressed(reply, "digest.help", person), kit)
    assert helped == await ask("help", person, kit)


async def test_a_maintainer_is_led_to_a_maintainers_verb():
    """`statsu` is near `status`."""
    assert "status" in said(await ask("statsu", NOOR, tools()))


async def test_the_way_back_home_says_nothing():
    """The Home tab shows itself."""
    assert await ask("home", ADA, tools()) == Reply(())


@BY_PERSON
def test_an_apology_has_a_reference(person):
    """What operators look for in the log is quoted."""
    message = apology(person, "abc12345")
    assert_deliverable(Reply((message,)))
    assert "abc12345" in message.text


async def test_titles_of_any_length_and_kind_are_deliverable():
    """Long, hostile and empty titles break no limit."""
    titles = ["x" * 5000, "<!everyone> *b* `c` <https://x|y>", "第" * 3000, "&" * 3000]
    issues = [an_issue(n, title=t) for n, t in enumerate(titles, 1)]
    kit = tools(issues=issues)
    for line in ("list", "search Abyss", "issue 1", "issue 2", "issue 3", "issue 4"):
        await ask(line, ADA, kit)
