"""Posts that nobody would write: they cost little, crash nothing, and call nobody."""

import json
import re

import pytest

from formatters.compose import compose
from formatters.document import PostError, Site
from formatters.events import find_events
from formatters.message import Style
from formatters.read import MAX_CHARS, read_post
from formatters.slack.limits import message_faults

SITE = Site(
    name="<!here>", url="https://site.example", zone="Asia/Shanghai", permalink="/w/{slug}/"
)
SIZE = 100_000
UNITS = ["*", "a*", "[", "![", "[a](", "[a](http://b.c) ", "<div>", "<b>a", "<p>a", "<table><tr><td>",
    "<a href='http://b.c'>", "> ", "> a\n>\n", "- a\n", "1. ", "1. # a\n", "# a\n\n", "**a**\n\n",
    "|a|b|\n", "a|b\n-|-\n", "`a ", "www.a.b ", "a@b.c ", "&lt;!channel&gt; ", "2026年11月20日 14:00 ",
    "![a](http://b.c/d.png)\n", "---\n\n", "```\na\n```\n", "字", "😀", "\u202e", "a\u0301", "<!--",
    "[^1] ", "[^1]: x\n", "_a__b ", "\n", "<svg><g>", "<select>", "- [ ] a\n", "## 活动\n\n- 11月20日\n"]  # fmt: skip


def survives(text: str) -> bool:
    """Read and compose a post; whether it is one, and not too much to be one.

    What grows with the square of the length meets the time limit that every test has.
    """
    try:
        post = read_post(text, path="a/index.md", site=SITE)
    except PostError:
        return False
    find_events(post, site=SITE)
    for message in compose(post, style=Style.THREAD, language="zh").messages:
        assert message_faults(message.text, list(message.blocks)) == ()
    return True


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_text_becomes_valid_messages_or_is_turned_away(unit):
    """Whatever is repeated for 100 kB: no crash, no hang, no message that Slack refuses."""
    survives(unit * (SIZE // len(unit.encode())))


def test_a_table_and_footnotes_without_end_are_turned_away():
    """360,000 cells are more than any page has, so it is said at once; many notes are read."""
    cells = f"|{'a|' * 400}\n|{'-|' * 400}\n" + f"|{'a|' * 400}\n" * 900
    notes = "".join(f"[^{n}] " for n in range(20_000)) + "\n\n[^1]: x\n"
    assert survives(notes)
    with pytest.raises(PostError, match=r"too many\. Split it"):
        read_post(cells, path="a.md", site=SITE)


def test_a_post_of_two_megabytes_is_turned_away_in_words():
    """Its author reads how long it is, how long it may be, and what to do."""
    with pytest.raises(PostError, match=f"2,000,000 characters .* {MAX_CHARS:,} .*Split it"):
        read_post("*" * 2_000_000, path="a.md", site=SITE)


def test_tags_that_a_parser_would_open_anew_in_every_paragraph_are_turned_away():
    """A small page can make millions of tags so; no memory is spent on them."""
    fonts = "".join(f"<font size={n}>" for n in range(30))
    with pytest.raises(PostError, match=r"too many\. Split it"):
        read_post(f"<p>{fonts}{'<p>a' * 30_000}", path="a.html", site=SITE)


@pytest.mark.parametrize(
    ("unit", "word"),
    [
        ("- Some words and a [link](https://a.example/b) of an item\n", "item"),
        ("Some **bold** words of a sentence; then another one, with `code` in it.\n\n", "then"),
        ("中文的一段文字，有标点。", "标点"),
    ],
)
def test_a_post_of_a_megabyte_is_read_and_composed(unit, word):
    """Long is not hostile: every word of it reaches its readers."""
    text = unit * (1_000_000 // len(unit))
    post = read_post(text, path="a.md", site=SITE)
    made = compose(post, style=Style.FULL, language="en").messages
    assert all(message_faults(m.text, list(m.blocks)) == () for m in made[::50])
    kept = json.dumps([m.blocks for m in made], ensure_ascii=False)
    assert kept.count(word) == text.count(word)


def test_five_thousand_pictures_are_all_shown():
    """None is dropped; each message keeps to its fifty blocks."""
    text = "".join(f"![p](https://b.example/{n}.png)\n" for n in range(5_000))
    post = read_post(text, path="a.md", site=SITE)
    shown = [
        block
        for message in compose(post, style=Style.FULL, language="en").messages
        for block in message.blocks
        if block.get("type") == "image"
    ]
    assert len(shown) == 5_000


CALLS = ["<!channel>", "<!here|here>", "<@U0123ABC>", "@here", "@channel", "@everyone", "<#C012|x>",
    "<!subteam^S1|x>", "<https://evil.example|click>", "&lt;!channel&gt;", "&#60;!channel&#62;",
    "<!date^1^{date}|x>", "\u202e<!channel>\u202c", "<\u200b!channel>", "\\<!channel>"]  # fmt: skip
LIVE = re.compile(r"<[!@#]|<https?:|@(here|channel|everyone)")
EVERYWHERE = """---
title: {said}
description: {said}
authors: [{said}]
date: 2026-11-20
cover: {said}
---
{call}

## {call}

- [{call}](https://a.example/x "{call}") `{call}` **{call}** <b>{call}</b>
- ![{call}](https://a.example/c.png "{call}") <img src="https://a.example/d.png" alt="{call}">

| {call} | b |
|---|---|
| {call} | `{call}` |

```
{call}
```

> {call}

### 活动 {call}

- 11月25日 14:00 Meetup {call} 上海
"""


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("call", CALLS)
def test_nobody_is_called_from_anywhere_in_a_post(call, style):
    """Not from `text`, and in blocks there is no markup that could."""
    text = EVERYWHERE.format(call=call, said=json.dumps(f"a {call}"))
    post = read_post(text, path="a.md", site=SITE)
    for message in compose(post, style=style, language="zh").messages:
        assert not LIVE.search(message.text)
        assert "mrkdwn" not in json.dumps(message.blocks)
        assert message_faults(message.text, list(message.blocks)) == ()
