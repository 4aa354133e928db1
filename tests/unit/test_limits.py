"""Each limit of Slack's: what is at the limit passes, one more is a fault that says where."""

import pytest

from formatters.slack import numbers
from formatters.slack.limits import faults, json_size, message_faults, weight


def said(text, kind="plain_text"):
    return {"type": kind, "text": text}


def header(text="Title"):
    return {"type": "header", "text": said(text)}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def button(action="a", **fields):
    return {"type": "button", "text": said("Go"), "action_id": action, **fields}


def rich(*elements):
    return {"type": "rich_text", "elements": list(elements)}


def runs(*elements, kind="rich_text_section", **fields):
    return {"type": kind, "elements": list(elements), **fields}


def option(text="One", value="1"):
    return {"text": said(text), "value": value}


RUN = {"type": "text", "text": "x"}
LINK = {"type": "link", "url": "https://example.org/", "text": "x"}
CELL = {"type": "raw_text", "text": "x"}
URL = "https://example.org/"


def url(size):
    return URL + "p" * (size - len(URL))


AT_THE_LIMIT = {
    "header": lambda n: [header("x" * n)],
    "section": lambda n: [{"type": "section", "text": said("x" * n, "mrkdwn")}],
    "fields": lambda n: [{"type": "section", "fields": [said("x")] * n}],
    "field": lambda n: [{"type": "section", "fields": [said("x" * n)]}],
    "image_url": lambda n: [{"type": "image", "image_url": url(n), "alt_text": "x"}],
    "alt": lambda n: [{"type": "image", "image_url": URL, "alt_text": "x" * n}],
    "context": lambda n: [{"type": "context", "elements": [said("x")] * n}],
    "actions": lambda n: [actions(*(button(f"a{i}") for i in range(n)))],
    "button_text": lambda n: [actions({**button(), "text": said("x" * n)})],
    "button_value": lambda n: [actions(button(value="x" * n))],
    "button_url": lambda n: [actions(button(url=url(n)))],
    "action_id": lambda n: [actions(button("x" * n))],
    "block_id": lambda n: [{"type": "divider", "block_id": "x" * n}],
    "overflow": lambda n: [actions({"type": "overflow", "options": [option()] * n})],
    "select": lambda n: [actions({"type": "static_select", "options": [option()] * n})],
    "option": lambda n: [actions({"type": "overflow", "options": [option("x" * n)]})],
    "rows": lambda n: [{"type": "table", "rows": [[CELL]] * n}],
    "columns": lambda n: [{"type": "table", "rows": [[CELL] * n]}],
    "cells": lambda n: [{"type": "table", "rows": [[{**CELL, "text": "x" * (n - 1)}, CELL]]}],
    "indent": lambda n: [
        rich(runs(runs(RUN), kind="rich_text_list", style="bullet", indent=n))
    ],
    "border": lambda n: [rich(runs(RUN, kind="rich_text_quote", border=n))],
    "markdown": lambda n: [{"type": "markdown", "text": "x" * n}],
    "blocks": lambda n: [{"type": "divider"}] * n,
    "tables": lambda n: [{"type": "table", "rows": [[CELL]]}] * n,
}
LIMITS = {
    "header": numbers.HEADER_TEXT,
    "section": numbers.SECTION_TEXT,
    "fields": numbers.SECTION_FIELDS,
    "field": numbers.FIELD_TEXT,
    "image_url": numbers.IMAGE_URL,
    "alt": numbers.IMAGE_ALT,
    "context": numbers.CONTEXT_ELEMENTS,
    "actions": numbers.ACTIONS_ELEMENTS,
    "button_text": numbers.BUTTON_TEXT,
    "button_value": numbers.BUTTON_VALUE,
    "button_url": numbers.BUTTON_URL,
    "action_id": numbers.ACTION_ID,
    "block_id": numbers.BLOCK_ID,
    "overflow": numbers.OVERFLOW_OPTIONS,
    "select": numbers.SELECT_OPTIONS,
    "option": numbers.OPTION_TEXT,
    "rows": numbers.TABLE_ROWS,
    "columns": numbers.TABLE_COLUMNS,
    "cells": numbers.TABLE_TEXT,
    "indent": numbers.LIST_INDENT,
    "border": numbers.BORDER,
    "markdown": numbers.MARKDOWN_TEXT,
    "blocks": numbers.BLOCKS,
    "tables": numbers.TABLES,
}


@pytest.mark.parametrize("name", LIMITS, ids=str)
def test_what_is_at_a_limit_passes_and_one_more_does_not(name):
    """A limit means what its number says, to the last character."""
    blocks, most = AT_THE_LIMIT[name], LIMITS[name].most

    assert faults(blocks(most)) == ()
    assert faults(blocks(most + 1)) != ()


def test_every_number_says_where_it_was_read():
    """No limit stands in the table without its page and a day."""
    table = [value for value in vars(numbers).values() if isinstance(value, numbers.Limit)]

    assert len(table) > 50
    for limit in table:
        assert "/" in limit.page
        assert limit.unit
        assert limit.read == "2026-08-20"
        assert limit.least <= limit.most


WRONG = {
    "no list": ("text", "/blocks"),
    "no object": ([3], "/blocks/0/type"),
    "unknown kind": ([{"type": "hologram"}], "/blocks/0/type"),
    "unknown field": ([{"type": "divider", "colour": "red"}], "/blocks/0/colour"),
    "missing field": ([{"type": "header"}], "/blocks/0/text"),
    "blank text": ([header("  ")], "/blocks/0/text/text"),
    "mrkdwn in a header": (
        [{"type": "header", "text": said("x", "mrkdwn")}],
        "/blocks/0/text",
    ),
    "text that is no string": ([header(3)], "/blocks/0/text/text"),
    "empty section": ([{"type": "section"}], "/blocks/0"),
    "no alt text": ([{"type": "image", "image_url": URL}], "/blocks/0/alt_text"),
    "image without address": ([{"type": "image", "alt_text": "x"}], "/blocks/0"),
    "relative image": (
        [{"type": "image", "image_url": "/a.png", "alt_text": "x"}],
        "/blocks/0/image_url",
    ),
    "script link": (
        [rich(runs({**LINK, "url": "javascript:alert(1)"}))],
        "/blocks/0/elements/0/elements/0/url",
    ),
    "empty run": ([rich(runs({**RUN, "text": ""}))], "/blocks/0/elements/0/elements/0/text"),
    "empty rich text": ([rich()], "/blocks/0/elements"),
    "user in rich text": (
        [rich(runs({"type": "user", "user_id": "U1"}))],
        "/blocks/0/elements/0/elements/0/type",
    ),
    "call to all": (
        [{"type": "section", "text": said("hi <!channel>", "mrkdwn")}],
        "/blocks/0/text/text",
    ),
    "call in markdown": ([{"type": "markdown", "text": "<!here>"}], "/blocks/0/text"),
    "same block_id": (
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
        "/blocks/1/block_id",
    ),
    "same action_id": ([actions(button(), button())], "/blocks/0/elements/1/action_id"),
    "odd button style": ([actions(button(style="pink"))], "/blocks/0/elements/0/style"),
    "list in a list": (
        [rich(runs(runs(RUN, kind="rich_text_quote"), kind="rich_text_list", style="bullet"))],
        "/blocks/0/elements/0/elements/0/type",
    ),
    "flag that is a word": (
        [rich(runs({**RUN, "style": {"bold": "yes"}}))],
        "/blocks/0/elements/0/elements/0/style/bold",
    ),
    "number that is a word": (
        [rich(runs(RUN, kind="rich_text_quote", border="1"))],
        "/blocks/0/elements/0/border",
    ),
    "elements that are no list": (
        [{"type": "context", "elements": "x"}],
        "/blocks/0/elements",
    ),
    "text that is no object": ([{"type": "header", "text": "x"}], "/blocks/0/text"),
    "style that is no object": (
        [rich(runs({**RUN, "style": "bold"}))],
        "/blocks/0/elements/0/elements/0/style",
    ),
    "uneven data table": (
        [{"type": "data_table", "caption": "x", "rows": [[CELL], [CELL, CELL]]}],
        "/blocks/0/rows",
    ),
    "menu without options": ([actions({"type": "static_select"})], "/blocks/0/elements/0"),
}


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_a_fault_points_at_its_place(case):
    """Whoever reads a fault knows which field to mend."""
    blocks, pointer = WRONG[case]

    assert pointer in [fault.pointer for fault in faults(blocks)]


FINE = {
    "mail link": [rich(runs({**LINK, "url": "mailto:a@example.org"}))],
    "date": [rich(runs({"type": "date", "timestamp": 1_700_000_000, "format": "{date}"}))],
    "code": [rich(runs(RUN, LINK, kind="rich_text_preformatted", border=1))],
    "data table": [{"type": "data_table", "caption": "x", "rows": [[CELL], [CELL]]}],
    "accessory": [{"type": "section", "text": said("x"), "accessory": button()}],
    "input": [
        {
            "type": "input",
            "label": said("Words"),
            "element": {"type": "plain_text_input", "action_id": "w"},
        }
    ],
}


@pytest.mark.parametrize("case", FINE, ids=str)
def test_what_slack_takes_has_no_fault(case):
    """The check does not cry wolf."""
    assert faults(FINE[case]) == ()


def test_markdown_and_tables_stay_out_of_modals():
    """Blocks that a surface does not show are refused there."""
    table = [{"type": "table", "rows": [[CELL]]}]

    assert faults(table, surface="modal") != ()
    assert faults(table, surface="home") == ()
    assert faults([{"type": "markdown", "text": "x"}], surface="home") != ()


def test_views_hold_twice_as_many_blocks():
    """A Home tab takes 100 blocks, a message 50."""
    assert faults([{"type": "divider"}] * 100, surface="home") == ()
    assert faults([{"type": "divider"}] * 101, surface="home") != ()


@pytest.mark.parametrize("text", ["", "  ", None, "x" * 3001, "汉" * 1001, "<!here>"], ids=repr)
def test_a_message_needs_a_short_calm_text(text):
    """`text` is there, fits into 3,000 bytes and calls nobody."""
    assert message_faults(text, [header()]) != ()


def test_a_message_has_a_budget_as_a_whole():
    """Blocks that are each fine may be too much together, in characters or in bytes."""
    section = {"type": "section", "text": said("x" * 2900)}
    chinese = {"type": "section", "text": said("汉" * 2900)}

    assert message_faults("x", [section] * 2) == ()
    assert message_faults("x", [section] * 4) != ()
    assert message_faults("x", [chinese] * 2) != ()
    assert message_faults("x", [{"type": "image", "image_url": url(2990), "alt_text": "x"}] * 4)
    assert message_faults("x", "no list") != ()


def test_weight_counts_frames_escapes_and_bytes():
    """A block weighs its frame and its words as Slack counts them."""
    assert weight([{"type": "divider"}]) == 100
    assert weight([header("&")]) == 105
    assert weight([header("汉" * 100)]) == 100 + 255
    assert json_size([{"a": "汉"}]) == len('[{"a":"汉"}]')
