"""Runs of text in the making: trimmed, merged, with every link fit for Slack.

Pure. Works on `Span`s only; JSON comes later, in `pieces`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, product
from typing import TypeAlias

from formatters.document import Image, Inline, LineBreak, Span
from formatters.message import Block, JSONValue
from formatters.slack import numbers
from formatters.slack.rules import MAIL, WEB

NEWLINE = Span("\n")
_NAMES = ("bold", "italic", "strike", "code")
Style: TypeAlias = tuple[bool, bool, bool, bool, str]
_STYLES: Mapping[tuple[bool, ...], Block] = {
    on: {name: True for name, is_on in zip(_NAMES, on, strict=True) if is_on}
    for on in product((False, True), repeat=4)
}
# Controls and lone surrogates never show, and the latter cannot be sent at all.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SHOWN = re.compile(
    "[^\\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]"
)


def visible(text: str) -> str:
    """Take away the code points that no client shows and that UTF-8 or JSON trip over."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def shows(span: Span) -> bool:
    """Tell whether a reader sees anything of a text."""
    return bool(_SHOWN.search(span.text))


def can_link(url: str) -> bool:
    """Tell whether Slack takes this address as a link in text."""
    return len(url) <= numbers.LINK_URL.most and bool(WEB.fullmatch(url) or MAIL.fullmatch(url))


def can_show(url: str) -> bool:
    """Tell whether this address may stand in an image block or behind a button."""
    return len(url) <= numbers.IMAGE_URL.most and bool(WEB.fullmatch(url))


def runs(inlines: Iterable[Inline]) -> tuple[Span, ...]:
    """Make the runs of one line or paragraph; pictures in it only part the words beside them.

    Returns:
        Runs without white space around them, neighbours of one style merged, () if nothing shows.
    """
    spans: list[Span] = []
    for inline in inlines:
        if isinstance(inline, Span) and (not inline.url or can_link(inline.url)):
            is_clean = inline.text.isprintable()
            spans.append(inline if is_clean else _with(inline, visible(inline.text)))
        elif isinstance(inline, LineBreak):
            spans.append(NEWLINE)
        elif isinstance(inline, Span):
            # An address that Slack refuses as a link is still the reader's: it is written out.
            spans.append(inline._replace(text=visible(inline.text), url=""))
            spans.append(Span(visible(f" ({inline.url})")))
        elif spans and not spans[-1].text.endswith(" "):
            spans.append(Span(" "))
    return tidy(spans)


def tidy(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Merge neighbours of one style and take away the white space around the whole."""
    merged: list[Span] = []
    more: list[str] = []  # texts that belong to the last of them
    style: Style | None = None
    for span in spans:
        if not span.text:
            continue
        if (own := span[1:]) == style:
            more.append(span.text)
            continue
        if more:
            _extend_last(merged, more)
        merged.append(span)
        style = own
    if more:
        _extend_last(merged, more)
    return _trimmed(merged)


def _extend_last(merged: list[Span], more: list[str]) -> None:
    merged[-1] = _with(merged[-1], "".join((merged[-1].text, *more)))
    more.clear()


def pictures_apart(inlines: Sequence[Inline]) -> Iterator[tuple[Inline, ...] | Image]:
    """Part a line into stretches of text and the pictures between them, in order."""
    for is_image, group in groupby(inlines, key=lambda inline: isinstance(inline, Image)):
        stretch = tuple(group)
        if is_image:
            yield from (image for image in stretch if isinstance(image, Image))
        else:
            yield stretch


def plain(spans: Iterable[Span]) -> str:
    """Give the words alone."""
    return "".join([span.text for span in spans])


def run_json(span: Span) -> Block:
    """Make one inline element of rich text."""
    body: dict[str, JSONValue] = {"type": "text", "text": span.text}
    if span.url:
        body = {"type": "link", "url": span.url, "text": span.text}
    if style := _STYLES[span[1:5]]:
        body["style"] = style
    return body


def _with(span: Span, text: str) -> Span:
    return span if text == span.text else Span(text, *span[1:])


def _trimmed(spans: list[Span]) -> tuple[Span, ...]:
    """The same without white space at the edges; no text is empty."""
    if spans and not (spans[0].text[0].isspace() or spans[-1].text[-1].isspace()):
        return tuple(spans)
    start, end = 0, len(spans)
    while start < end and spans[start].text.isspace():
        start += 1
    while start < end and spans[end - 1].text.isspace():
        end -= 1
    if start < end:
        spans[start] = _with(spans[start], spans[start].text.lstrip())
        spans[end - 1] = _with(spans[end - 1], spans[end - 1].text.rstrip())
    return tuple(spans[start:end])
