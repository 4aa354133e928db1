"""Runs of text in the making: trimmed, merged, with every link fit for Slack.

Pure. Works on `Span`s only; JSON comes later, in `pieces`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from formatters.document import Image, Inline, LineBreak, Span
from formatters.message import Block, JSONValue
from formatters.slack import numbers
from formatters.slack.rules import url as url_rule

NEWLINE = Span("\n")
_STYLES = ("bold", "italic", "strike", "code")
_link_rule = url_rule(numbers.LINK_URL, mail=True)
_image_rule = url_rule(numbers.IMAGE_URL)


# Controls and lone surrogates never show, and the latter cannot be sent at all.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def visible(text: str) -> str:
    """Take away the code points that no client shows and that UTF-8 or JSON trip over."""
    return _UNSEEN.sub("", text)


def can_link(url: str) -> bool:
    """Tell whether Slack takes this address as a link in text."""
    return not any(_link_rule(url, ""))


def can_show(url: str) -> bool:
    """Tell whether this address may stand in an image block or behind a button."""
    return not any(_image_rule(url, ""))


def runs(inlines: Iterable[Inline]) -> tuple[Span, ...]:
    """Make the runs of one line or paragraph; pictures in it are not looked at.

    Returns:
        Runs without white space around them, neighbours of one style merged, () if nothing shows.
    """
    spans = (span for inline in inlines for span in _spans(inline))
    return tidy(spans)


def tidy(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Merge neighbours of one style and take away the white space around the whole."""
    merged = [
        (style, "".join(span.text for span in group))
        for style, group in groupby(spans, key=_style)
    ]
    return _trimmed([Span(text, *style) for style, text in merged if text])


def pictures_apart(inlines: Iterable[Inline]) -> Iterator[tuple[Inline, ...] | Image]:
    """Part a line into stretches of text and the pictures between them, in order."""
    for is_image, group in groupby(inlines, key=lambda inline: isinstance(inline, Image)):
        stretch = tuple(group)
        if is_image:
            yield from (image for image in stretch if isinstance(image, Image))
        else:
            yield stretch


def plain(spans: Iterable[Span]) -> str:
    """Give the words alone."""
    return "".join(span.text for span in spans)


def run_json(span: Span) -> Block:
    """Make one inline element of rich text."""
    body: dict[str, JSONValue] = {"type": "text", "text": span.text}
    if span.url:
        body = {"type": "link", "url": span.url, "text": span.text}
    if style := {name: True for name in _STYLES if getattr(span, name)}:
        body["style"] = style
    return body


def _style(span: Span) -> tuple[bool, bool, bool, bool, str]:
    """All but the text, in the order of the fields. Cheaper than a copy: this is asked most."""
    return (span.bold, span.italic, span.strike, span.code, span.url)


def _with(span: Span, text: str) -> Span:
    return span if text == span.text else Span(text, *_style(span))


def _spans(inline: Inline) -> Iterator[Span]:
    if isinstance(inline, LineBreak):
        yield NEWLINE
    elif isinstance(inline, Span) and (not inline.url or can_link(inline.url)):
        yield _with(inline, visible(inline.text))
    elif isinstance(inline, Span):
        # An address that Slack refuses as a link is still the reader's: it is written out.
        yield replace(inline, text=visible(inline.text), url="")
        yield Span(visible(f" ({inline.url})"))


def _trimmed(spans: list[Span]) -> tuple[Span, ...]:
    while spans and not spans[0].text.strip():
        spans.pop(0)
    while spans and not spans[-1].text.strip():
        spans.pop()
    if spans:
        spans[0] = _with(spans[0], spans[0].text.lstrip())
        spans[-1] = _with(spans[-1], spans[-1].text.rstrip())
    return tuple(spans)
