"""What people type and click, read from Slack's payloads."""

import pytest

from bot.slack.inbox import clicked, split, submitted, typed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("", "")),
        ("   ", ("", "")),
        ("Latest", ("latest", "")),
        ("SEARCH  Abyss   storage ", ("search", "Abyss storage")),
        ("search\u00a0存储\u3000引擎", ("search", "存储 引擎")),
        ("search “exact words”", ("search", '"exact words"')),
        ("issue\u200b 41", ("issue", "41")),
        ("repost 41 <#C123|weekly>", ("repost", "41 <#C123>")),
        ("repost 41 <#C123|>", ("repost", "41 <#C123>")),
        ("search a &amp; b &lt;c&gt; &amp;lt;", ("search", "a & b <c> &lt;")),
        ("<@U1|ada>", ("<@u1>", "")),
    ],
)
def test_a_typed_line_becomes_a_verb_and_words(text, expected):
    """Keyboards curl quotes and add blanks; Slack escapes and links."""
    assert split(text) == expected


def test_signs_that_no_database_takes_are_left_out():
    """Half a character and a zero byte, typed or in a button's value."""
    assert typed({"text": "search a\x00b\ud800"}).words == "ab"
    click = clicked(BODY, {"action_id": "digest.repost_confirm.yes", "value": "a\nb\x00\udfff"})
    assert click is not None
    assert click.words == "a\nb"


def test_a_command_carries_who_where_and_how_to_answer():
    """Every field that an answer needs is in the click."""
    click = typed(
        {
            "text": "issue 41",
            "user_id": "U1",
            "channel_id": "C1",
            "trigger_id": "t.1",
            "response_url": "https://hooks.example/1",
        }
    )
    assert (click.verb, click.words, click.user, click.channel) == ("issue", "41", "U1", "C1")
    assert (click.nonce, click.response_url) == ("t.1", "https://hooks.example/1")


BODY = {
    "user": {"id": "U1"},
    "channel": {"id": "C1"},
    "container": {"type": "message", "message_ts": "5.1", "is_ephemeral": True},
    "response_url": "https://hooks.example/1",
}


def test_a_click_is_the_verb_in_its_action_id():
    """The value is the words."""
    click = clicked(BODY, {"action_id": "digest.list_turn.older", "value": "2"})
    assert click is not None
    assert (click.verb, click.words, click.channel) == ("list_turn", "2", "C1")
    assert click.ephemeral
    assert not click.on_home


def test_both_halves_of_a_double_click_have_one_nonce():
    """The moment of the click is not part of it; another message or button is."""
    action = {"action_id": "digest.issue.0", "value": "41"}
    one = clicked(BODY, action | {"action_ts": "9.1"})
    two = clicked(BODY, action | {"action_ts": "9.2"})
    other = clicked(BODY, {"action_id": "digest.issue.1", "value": "40"})
    assert one is not None
    assert two is not None
    assert other is not None
    assert one.nonce == two.nonce != other.nonce


def test_a_click_at_home_has_no_message():
    """The Home tab has neither channel nor response_url; the moment tells clicks apart."""
    body = {"user": {"id": "U1"}, "view": {"type": "home"}, "container": {"type": "view"}}
    action = {"action_id": "digest.search.home", "value": " storage ", "action_ts": "9.1"}
    click = clicked(body, action)
    assert click is not None
    assert click.on_home
    assert click.words == "storage"
    assert "9.1" in click.nonce


def test_a_chosen_option_is_the_words():
    """Menus say their option's value."""
    action = {"action_id": "digest.issue.menu", "selected_option": {"value": "41"}}
    click = clicked(BODY, action)
    assert click is not None
    assert click.words == "41"


@pytest.mark.parametrize("action_id", ["digest.url.read", "other.button", "", None, 7])
def test_buttons_that_are_not_ours_to_answer_are_passed_over(action_id):
    """A button that opens a page needs no answer."""
    assert clicked(BODY, {"action_id": action_id}) is None


def test_a_form_carries_what_was_filled_in():
    """Texts, days, hours and choices under the names of their fields; what is empty is ""."""
    values = {
        "title": {"title": {"type": "plain_text_input", "value": " Night dive "}},
        "date": {"date": {"type": "datepicker", "selected_date": "2026-12-05"}},
        "time": {"time": {"type": "timepicker", "selected_time": "14:00"}},
        "end_time": {"end_time": {"type": "timepicker", "selected_time": None}},
        "kind": {"kind": {"type": "static_select", "selected_option": {"value": "workshop"}}},
    }
    view = {
        "id": "V1",
        "callback_id": "digest.meetup_save",
        "private_metadata": "uid",
        "state": {"values": values},
    }
    click = submitted({"user": {"id": "U1"}, "view": view})
    assert click is not None
    assert (click.verb, click.words, click.user, click.nonce) == (
        "meetup_save",
        "uid",
        "U1",
        "V1",
    )
    assert click.fields == {
        "title": "Night dive",
        "date": "2026-12-05",
        "time": "14:00",
        "end_time": "",
        "kind": "workshop",
    }


def test_a_window_of_somebody_else_is_none_of_ours():
    """Nothing is done about it."""
    assert submitted({"view": {"callback_id": "other"}}) is None
    assert submitted({}) is None


def test_a_click_knows_the_window_it_was_made_in():
    """So that what is known can be shown in its place; Home is no window."""
    action = {"action_id": "digest.remind_on.x", "value": "x"}
    in_window = clicked(
        BODY | {"view": {"type": "modal", "id": "V1"}, "trigger_id": "t"}, action
    )
    at_home = clicked(BODY | {"view": {"type": "home", "id": "V2"}}, action)
    assert in_window is not None
    assert at_home is not None
    assert (in_window.view, in_window.on_home, in_window.trigger) == ("V1", False, "t")
    assert (at_home.view, at_home.on_home) == ("", True)
