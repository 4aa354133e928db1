"""Slack's JSON as HTML: every kind is drawn, nothing is dropped, nothing hostile comes alive."""

import json
from datetime import UTC, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from bot.sandbox import dates
from bot.sandbox.emoji import emoji
from bot.sandbox.look import Look, link, picture, words
from bot.sandbox.mrkdwn import Mrkdwn
from bot.sandbox.render import BLOCKS, ELEMENTS, RUNS, Renderer
from bot.sandbox.shapes import Obj

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def a_look(locale: str = "en-US", zone: str = "America/New_York") -> Look:
    return Look(
        user="U1",
        locale=locale,
        zone=ZoneInfo(zone),
        now=NOW,
        users={"U1": "ada", "U2": "林"},
        channels={"C1": "weekly"},
        groups={"S1": "maintainers"},
    )


def plain(words):
    return {"type": "plain_text", "text": words}


def mrkdwn(text: str, *, verbatim: bool = False) -> str:
    return str(Mrkdwn(a_look(), verbatim=verbatim).html(text))


def rich(*elements):
    return str(Renderer(a_look()).blocks([{"type": "rich_text", "elements": elements}]))


def inline(element):
    return rich({"type": "rich_text_section", "elements": [element]})


def drawn(block):
    return str(Renderer(a_look()).blocks([block]))


OPTION = {"text": plain("One"), "value": "1"}
CONFIRM = {
    "title": plain("Sure?"),
    "text": {"type": "mrkdwn", "text": "*Really*"},
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
BUTTON = {"type": "button", "action_id": "a", "text": plain("Read"), "value": "v"}

BLOCK_CASES: dict[str, tuple[Obj, str]] = {
    "section": ({"text": plain("Words"), "fields": [plain("F1")], "accessory": BUTTON}, "F1"),
    "rich_text": ({"elements": [{"type": "rich_text_section", "elements": []}]}, "rt-section"),
    "header": ({"text": plain("Title"), "level": 3}, "level-3"),
    "image": (
        {"image_url": "https://x.org/a.png", "alt_text": "A fish", "title": plain("Fish")},
        'alt="A fish"',
    ),
    "context": (
        {
            "elements": [
                plain("small"),
                {"type": "image", "image_url": "https://x.org/i.png", "alt_text": "icon"},
            ]
        },
        'alt="icon"',
    ),
    "actions": ({"elements": [BUTTON]}, 'data-action="a"'),
    "divider": ({}, "<hr"),
    "input": (
        {
            "label": plain("Name"),
            "hint": plain("Hint"),
            "optional": True,
            "element": {"type": "plain_text_input", "action_id": "n"},
        },
        "Hint",
    ),
    "markdown": ({"text": "**as written**"}, "**as written**"),
    "table": (
        {
            "rows": [
                [{"type": "raw_text", "text": "Head"}],
                [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [{"type": "text", "text": "Cell"}],
                            }
                        ],
                    }
                ],
            ],
            "column_settings": [{"align": "right"}],
        },
        "align-right",
    ),
    "data_table": (
        {
            "caption": "Numbers",
            "rows": [
                [{"type": "raw_text", "text": "Head"}, {"type": "raw_text", "text": "N"}],
                [
                    {"type": "raw_text", "text": "Row"},
                    {"type": "raw_number", "value": 7, "text": "7"},
                ],
            ],
        },
        "<caption>Numbers</caption>",
    ),
    "video": (
        {
            "title": plain("Talk"),
            "title_url": "https://x.org",
            "video_url": "https://x.org/v",
            "thumbnail_url": "https://x.org/t.png",
            "alt_text": "A talk",
            "description": plain("About"),
            "provider_name": "X",
            "author_name": "Y",
        },
        "About",
    ),
    "file": ({"external_id": "F1", "source": "remote"}, "F1"),
    "alert": ({"text": plain("Mind"), "level": "warning"}, "alert-warning"),
    "card": ({"title": plain("T"), "body": plain("B"), "actions": [BUTTON]}, "card-title"),
    "carousel": ({"elements": [{"type": "card", "title": plain("T")}]}, "carousel"),
    "container": (
        {"title": plain("T"), "child_blocks": [{"type": "divider"}], "subtitle": plain("S")},
        "<summary>",
    ),
    "context_actions": ({"elements": [BUTTON]}, 'data-action="a"'),
}
ELEMENT_CASES: dict[str, tuple[Obj, str]] = {
    "button": ({"text": plain("Go"), "style": "danger", "confirm": CONFIRM}, "<strong>Really"),
    "workflow_button": ({"text": plain("Go")}, "Go"),
    "icon_button": ({"text": plain("Go")}, "Go"),
    "feedback_buttons": (
        {
            "positive_button": {"text": plain("Good"), "value": "1"},
            "negative_button": {"text": plain("Bad"), "value": "0"},
        },
        "Bad",
    ),
    "overflow": (
        {"options": [OPTION, {"text": plain("Link"), "url": "https://x.org", "value": "2"}]},
        'href="https://x.org"',
    ),
    "image": ({"image_url": "https://x.org/a.png", "alt_text": "A"}, 'alt="A"'),
    "checkboxes": ({"options": [OPTION], "initial_options": [OPTION]}, "checked"),
    "radio_buttons": ({"options": [OPTION], "initial_option": OPTION}, "checked"),
    "static_select": ({"options": [OPTION], "initial_option": OPTION}, "selected"),
    "multi_static_select": (
        {"option_groups": [{"label": plain("G"), "options": [OPTION]}]},
        'label="G"',
    ),
    "users_select": ({"initial_user": "U2"}, "@林"),
    "multi_users_select": ({}, "multiple"),
    "channels_select": ({"placeholder": plain("Where")}, "Where"),
    "multi_channels_select": ({}, "#weekly"),
    "conversations_select": ({}, "#weekly"),
    "multi_conversations_select": ({}, "#weekly"),
    "datepicker": ({"initial_date": "2026-12-05"}, "2026-12-05"),
    "timepicker": ({"initial_time": "14:00"}, "14:00"),
    "datetimepicker": ({}, "datetime-local"),
    "plain_text_input": ({"multiline": True, "initial_value": "text"}, "<textarea"),
    "email_text_input": ({}, 'type="email"'),
    "url_text_input": ({}, 'type="url"'),
    "number_input": ({"initial_value": "3", "max_length": 3}, 'maxlength="3"'),
    "rich_text_input": ({}, "<textarea"),
}
RUN_CASES: dict[str, tuple[Obj, str]] = {
    "rich_text_section": ({"elements": [{"type": "text", "text": "S"}]}, ">S<"),
    "rich_text_list": (
        {
            "style": "ordered",
            "indent": 2,
            "offset": 4,
            "border": 1,
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "L"}]}
            ],
        },
        'start="5"',
    ),
    "rich_text_preformatted": (
        {
            "language": "go",
            "border": 1,
            "elements": [
                {"type": "text", "text": "a\n  b"},
                {"type": "link", "url": "https://x.org"},
            ],
        },
        "a\n  b",
    ),
    "rich_text_quote": ({"border": 1, "elements": [{"type": "text", "text": "Q"}]}, "border"),
    "text": ({"text": "T", "style": {"bold": True, "italic": True}}, "<strong><em>T</em>"),
    "link": ({"url": "mailto:a@x.org", "text": "Mail", "style": {"code": True}}, "<code><a"),
    "emoji": ({"name": "zzz", "unicode": "1f41f"}, "🐟"),
    "user": ({"user_id": "U1"}, "mention me"),
    "usergroup": ({"usergroup_id": "S1"}, "@maintainers"),
    "channel": ({"channel_id": "C9"}, "private channel"),
    "team": ({"team_id": "T1"}, "@T1"),
    "broadcast": ({"range": "here"}, "@here"),
    "date": (
        {"timestamp": 1796454000, "format": "{date_num}", "url": "https://x.org"},
        "2026-12-05",
    ),
    "color": ({"value": "#ff8800"}, 'fill="#ff8800"'),
}


@pytest.mark.parametrize("kind", BLOCKS)
def test_every_kind_of_block_is_drawn(kind):
    """A block of each kind in the table shows its content and no error."""
    fields, expected = BLOCK_CASES[kind]
    html = drawn({"type": kind, **fields})
    assert expected in html
    assert "block error" not in html


@pytest.mark.parametrize("kind", ELEMENTS)
def test_every_kind_of_element_is_drawn(kind):
    """An interactive element of each kind in the table shows its content and no error."""
    fields, expected = ELEMENT_CASES[kind]
    html = str(Renderer(a_look()).element({"type": kind, "action_id": "x", **fields}, "b"))
    assert expected in html
    assert "block error" not in html


@pytest.mark.parametrize("kind", RUNS)
def test_every_kind_of_rich_text_is_drawn(kind):
    """A rich text element of each kind in the table shows its content and no error."""
    fields, expected = RUN_CASES[kind]
    html = str(Renderer(a_look()).run({"type": kind, **fields}))
    assert expected in html
    assert "block error" not in html


@pytest.mark.parametrize(
    "block",
    [
        {"type": "sparkle", "text": "unheard of"},
        {"type": "section", "text": "unheard of"},
        {"type": "section", "text": {"type": "html", "text": "unheard of"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": ["unheard of"]}},
        {"type": "actions", "elements": [{"type": "lever", "text": "unheard of"}]},
        {"type": "rich_text", "elements": [{"type": "scroll", "text": "unheard of"}]},
        {"type": "container", "title": plain("T"), "child_blocks": "unheard of"},
        {"type": "__class__", "text": "unheard of"},
        {"text": "unheard of"},
        "unheard of",
        ["unheard of"],
    ],
)
def test_what_is_unknown_or_broken_is_shown_with_its_json(block):
    """Nothing is dropped: an error with the JSON stands where the block should."""
    html = drawn(block)
    assert "block error" in html
    assert "unheard of" in html


def assert_harmless(html: str) -> None:
    """Read it as a browser does: no script, no handler, no address that runs."""
    tree = LexborHTMLParser(html.replace("template", "div"))
    for node in tree.css("*"):
        assert node.tag not in ("script", "iframe", "object", "style")
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name not in ("href", "src") or link(value or "") == value or not value


def poisoned(value):
    """Put the hostile string into every string that is not the name of a kind."""
    if isinstance(value, dict):
        kept = ("type", "style", "format", "level")
        return {k: v if k in kept else poisoned(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [poisoned(v) for v in value]
    return HOSTILE if isinstance(value, str) else value


@pytest.mark.parametrize("kind", BLOCKS)
def test_hostile_words_in_a_block_stay_words(kind):
    """No script, no handler, no picture comes out of text, URLs, ids or alternatives."""
    assert_harmless(drawn({"type": kind, **poisoned(BLOCK_CASES[kind][0])}))


@pytest.mark.parametrize("kind", ELEMENTS)
def test_hostile_words_in_an_element_stay_words(kind):
    """Also in values, options and confirm dialogs."""
    element = {"type": kind, "action_id": HOSTILE, **poisoned(ELEMENT_CASES[kind][0])}
    assert_harmless(str(Renderer(a_look()).element(element, HOSTILE)))


@pytest.mark.parametrize("kind", RUNS)
def test_hostile_words_in_rich_text_stay_words(kind):
    """Also in link targets and names."""
    assert_harmless(str(Renderer(a_look()).run({"type": kind, **poisoned(RUN_CASES[kind][0])})))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//[",
        "",
    ],
)
def test_only_harmless_links_can_be_clicked(url):
    """Links go to http, https and mailto; pictures come from http and https."""
    assert link(url) == ""
    assert picture(url) == ""
    assert "href" not in inline({"type": "link", "url": url, "text": "x"})
    assert picture("mailto:a@x.org") == ""
    assert link("mailto:a@x.org") == "mailto:a@x.org"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*b* _i_ ~s~ `c`", "<strong>b</strong> <em>i</em> <s>s</s> <code>c</code>"),
        ("*b _i_*", "<strong>b <em>i</em></strong>"),
        ("(*b*)", "(<strong>b</strong>)"),
        ("站*粗体*报", "站*粗体*报"),
        ("站，*粗体*。", "站，*粗体*。"),
        ("站 *粗体* 报", "站 <strong>粗体</strong> 报"),
        ("＊粗＊", "<strong>粗</strong>"),
        ("* not bold *", "* not bold *"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("*a\nb*", "*a<br>b*"),
        ("`*c*`", "<code>*c*</code>"),
        ("snake_case_name", "snake_case_name"),
        ("*open", "*open"),
        ("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"),
        ("> q\nafter", "<blockquote>q</blockquote>after"),
        ("&gt; q1\n&gt; q2", "<blockquote>q1<br>q2</blockquote>"),
        ("a\n\nb", 'a<span class="gap"></span>b'),
        ("```x\n<y>```", '<pre class="code">x\n&lt;y&gt;</pre>'),
        ("a ``` b", "a ``` b"),
        ("one ```two``` three ```", 'one <pre class="code">two</pre> three ```'),
        (":unheard_of:", '<span class="emoji" title=":unheard_of:">:unheard_of:</span>'),
        (":tada:", '<span class="emoji" title=":tada:">🎉</span>'),
    ],
)
def test_mrkdwn_is_drawn_as_slack_draws_it(text, expected):
    """Marks need a boundary outside; Chinese neighbours and their punctuation are none."""
    assert mrkdwn(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<https://x.org|Words>", ">Words</a>"),
        ("<https://x.org/?a=1&amp;b=2>", 'href="https://x.org/?a=1&amp;b=2"'),
        ("*<https://x.org|B>*", "<strong><a"),
        ("<mailto:a@x.org>", ">a@x.org</a>"),
        ("<javascript:alert(1)|x>", 'class="refused"'),
        ("<@U2>", "@林"),
        ("<@U9|guest>", "@guest"),
        ("<#C1>", "#weekly"),
        ("<#C9|hidden>", "#hidden"),
        ("<#C9>", "private channel"),
        ("<!subteam^S1|@old>", "@maintainers"),
        ("<!here>", "@here"),
        ("<!date^1796454000^{date_num} {time}|later>", "2026-12-05 2:00 AM"),
        ("<!date^1796454000^{date_num}^https://x.org|later>", 'href="https://x.org"'),
        ("<!date^soon^{date}|later>", ">later<"),
        ("see https://x.org/a_b_c.", 'href="https://x.org/a_b_c"'),
        ("见 https://x.org/a。", 'href="https://x.org/a"'),
        ("@here now", 'class="mention"'),
    ],
)
def test_mrkdwn_links_mentions_and_dates_are_drawn(text, expected):
    """What stands in angle brackets, and what Slack finds by itself."""
    assert expected in mrkdwn(text)


def test_verbatim_text_finds_nothing_by_itself():
    """Bare URLs and @here stay words; what stands in angle brackets still works."""
    html = mrkdwn("https://x.org @here <https://y.org|y>", verbatim=True)
    assert html.count("<a ") == 1
    assert "mention" not in html


def test_plain_text_knows_emoji_and_nothing_else():
    """Names of emoji are drawn unless that is switched off; marks stay."""
    header = {"type": "header", "text": plain("*T* 10:30 :rocket: :nope:")}
    assert "*T* 10:30 <span" in drawn(header)
    assert ":nope:" in drawn(header)
    header["text"] = {**plain(":rocket:"), "emoji": False}
    assert "🚀" not in drawn(header)


def test_nested_lists_keep_their_depth_and_count():
    """Sibling lists with rising indent; deeper than eight counts as eight."""
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    html = rich(
        {"type": "rich_text_list", "style": "ordered", "elements": [item]},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [item]},
        {"type": "rich_text_list", "style": "ordered", "offset": 1, "elements": [item]},
        {"type": "rich_text_list", "style": "bullet", "indent": 12, "elements": [item]},
    )
    assert html.index("depth-0") < html.index("depth-1") < html.index('start="2"')
    assert "depth-8" in html


def test_a_picture_without_a_usable_url_shows_its_words():
    """The alternative text is readable where no picture can be."""
    html = drawn({"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A fish"})
    assert "<img" not in html
    assert "A fish" in html
    element = {"type": "image", "image_url": "ftp://x", "alt_text": "A shoal"}
    assert "A shoal" in Renderer(a_look()).element(element)


# ------------------------------------------------------------------ timelines


def a_message(ts="1795435200.000100", **fields):
    return {"type": "message", "user": "U2", "text": "hi", "ts": ts, **fields}


def timeline(*messages, look=None):
    return str(Renderer(look or a_look()).fragment("message", "timeline", messages))


def test_a_timeline_groups_days_and_authors():
    """A divider where a day begins; an author who goes on within minutes is not named again."""
    html = timeline(
        a_message("1795348800.000100"),
        a_message("1795348860.000100"),
        a_message("1795435200.000100"),
    )
    assert html.count('class="day"') == 2
    assert html.count('<b class="name">林</b>') == 2
    assert html.count("message compact") == 1


def test_an_author_is_named_again_after_a_thread_a_pause_or_another_name():
    """Nothing is put under a name it does not belong to."""
    html = timeline(
        a_message("1795435200.000100", reply_count=1),
        a_message("1795435201.000100"),
        a_message("1795435202.000100", username="weekly"),
        a_message("1795435203.000100", ephemeral=True),
        a_message("1795435999.000100"),
    )
    assert "compact" not in html
    assert "weekly" in html


def test_times_are_told_in_the_viewers_zone_and_way():
    """12 hours in New York, 24 in Shanghai, a day later there."""
    message = a_message("1795453200.000100")
    assert "12:00 PM" in timeline(message)
    assert "01:00" in timeline(message, look=a_look("zh-CN", "Asia/Shanghai"))


def test_a_message_shows_what_happened_to_it():
    """App badge, edits, reactions, replies, faults, and its JSON for the dialog."""
    html = timeline(
        a_message(
            bot_id="B1",
            edited={"user": "U2", "ts": "1.0"},
            ephemeral=True,
            reactions=[{"name": "tada", "users": ["U1"], "count": 3}],
            reply_count=2,
            reply_users=["U1"],
            latest_reply="1795435200.000100",
            faults=[{"pointer": "/blocks/0", "message": "too long"}],
            attachments=[
                {
                    "pretext": "P",
                    "title": "T",
                    "title_link": "https://x.org",
                    "text": "*A*",
                    "blocks": [],
                },
                {"blocks": [{"type": "divider"}]},
                {"fallback": "F"},
            ],
        )
    )
    for expected in (
        "APP",
        "(edited)",
        "Only visible to you",
        "reaction mine",
        "2 replies",
        "too long",
        "<strong>A</strong>",
        "&#34;bot_id&#34;: &#34;B1&#34;",
    ):
        assert expected in html


def test_a_thread_counts_its_replies_under_the_parent():
    """The parent first, a line with the count, then the replies; no thread within a thread."""
    renderer = Renderer(a_look())
    parent = a_message(reply_count=1)
    one = str(renderer.fragment("message", "thread", [parent, a_message("1795435201.000100")]))
    assert one.index("reply-line") < one.index("1795435201.000100")
    assert 'class="replies"' not in one
    alone = str(renderer.fragment("message", "thread", [parent]))
    assert "reply-line" not in alone


def test_an_empty_timeline_says_so():
    """Emptiness has words."""
    assert "Nothing here yet." in timeline()


def test_modals_and_home_are_drawn():
    """Title, blocks and buttons; a Home that was never published says so."""
    renderer = Renderer(a_look())
    view = {"id": "V1", "title": plain("Ask"), "blocks": [{"type": "divider"}], "hash": "h"}
    assert "Cancel" in renderer.fragment("views", "modal", view)
    full = {**view, "submit": plain("Go"), "close": plain("Later")}
    html = str(renderer.fragment("views", "modal", full))
    assert "Go" in html
    assert "Later" in html
    assert "<hr" in renderer.fragment("views", "home", view)
    assert "not published" in renderer.fragment("views", "home", None)


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("template", "english", "chinese"),
    [
        ("{date_num}", "2026-11-24", "2026-11-24"),
        ("{date_slash}", "11/24/2026", "2026/11/24"),
        ("{date}", "November 24th", "11月24日"),
        ("{date_short}", "Nov 24", "11月24日"),
        ("{date_long}", "Tuesday, November 24th", "11月24日星期二"),
        ("{date_long_full}", "Tuesday, November 24th, 2026", "2026年11月24日星期二"),
        ("{date_pretty}", "Tomorrow", "明天"),
        ("{date_short_pretty}", "Tomorrow", "明天"),
        ("{date_long_pretty}", "Tomorrow", "明天"),
        ("{day_divider_pretty}", "Tomorrow", "明天"),
        ("{time}", "1:05 PM", "13:05"),
        ("{time_secs}", "13:05:09", "13:05:09"),
        ("{ago}", "in 1 day", "1 天后"),
        ("{unheard}", "{unheard}", "{unheard}"),
    ],
)
def test_date_tokens_are_filled_in_two_languages(template, english, chinese):
    """Every token of Slack's page; an unknown one stays."""
    when = datetime(2026, 11, 24, 13, 5, 9, tzinfo=UTC)
    assert dates.fill(template, when, NOW, "en-US") == english
    assert dates.fill(template, when, NOW, "zh-CN") == chinese


@pytest.mark.parametrize(
    ("year", "month", "day", "english"),
    [
        (2024, 1, 1, "January 1st, 2024"),
        (2024, 1, 2, "January 2nd, 2024"),
        (2024, 1, 3, "January 3rd, 2024"),
        (2024, 1, 11, "January 11th, 2024"),
        (2024, 1, 22, "January 22nd, 2024"),
    ],
)
def test_old_dates_tell_their_year(year, month, day, english):
    """The year is left out only within half a year."""
    when = datetime(year, month, day, tzinfo=UTC)
    assert dates.fill("{date}", when, NOW, "en-US") == english
    assert dates.fill("{date}", when, NOW, "zh-CN") == f"2024年1月{day}日"


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (5, "just now", "刚刚"),
        (60, "1 minute ago", "1 分钟前"),
        (7200, "2 hours ago", "2 小时前"),
    ],
)
def test_ago_counts_in_the_largest_unit(seconds, english, chinese):
    """Minutes, hours, days."""
    when = datetime.fromtimestamp(NOW.timestamp() - seconds, UTC)
    assert dates.fill("{ago}", when, NOW, "en-GB") == english
    assert dates.fill("{ago}", when, NOW, "zh-CN") == chinese


def test_a_zone_or_moment_that_nobody_knows_is_handled():
    """UTC for an unknown zone; a broken moment is an error with the value in it."""
    assert dates.zone("Mars/Olympus").key == "UTC"
    with pytest.raises(ValueError, match="1e400"):
        dates.moment("1e400")


def test_emoji_fall_back_to_their_names():
    """Unknown names and broken code points stay readable."""
    assert emoji("wave::skin-tone-3") == "👋"
    assert emoji("lanternfish") == ":lanternfish:"
    assert emoji("tada", "zz") == "🎉"


def test_both_languages_have_the_same_phrases_with_the_same_places():
    """No phrase is missing or says other things in one of the languages."""
    assert words("en").keys() == words("zh").keys()
    for key, phrase in words("en").items():
        assert phrase.count("{") == words("zh")[key].count("{"), key


def test_phrase_files_are_plain_json():
    """They can be read by any tool."""
    folder = resources.files("bot.sandbox") / "locales"
    for file in folder.iterdir():
        assert json.loads(file.read_text(encoding="utf-8"))
