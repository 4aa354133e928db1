"""The shape of every block that we send or accept, written out as tables.

Only tables: the numbers are in `numbers`, the checks in `rules`, whole messages in `limits`.
A kind that is not here is refused, so a new one has to be added by hand, with its page.
"""

from collections.abc import Iterator, Mapping

from formatters.slack import numbers as n
from formatters.slack.elements import ID, IMAGE_ELEMENT, INPUTS, INTERACTIVE
from formatters.slack.rules import (
    MENTION,
    Check,
    Fault,
    boolean,
    both,
    items,
    kinds,
    number,
    one_of,
    shape,
    some_of,
    spoken,
    string,
    text,
    url,
)

# ------------------------------------------------------------------ rich text

_STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_RUN = shape({"text": string(n.RICH_TEXT)}, {"style": _STYLE})
_LINK = shape(
    {"url": url(n.LINK_URL, mail=True)},
    {"text": string(n.RICH_TEXT), "style": _STYLE, "unsafe": boolean},
)
_EMOJI = shape({"name": string(n.ACTION_ID)}, {"unicode": ID, "style": _STYLE})
_DATE = shape(
    {"timestamp": number(n.TIMESTAMP), "format": spoken(n.TEXT_OBJECT)},
    {"url": url(n.LINK_URL), "fallback": spoken(n.TEXT_OBJECT), "style": _STYLE},
)
_INLINE = kinds({"text": _RUN, "link": _LINK, "emoji": _EMOJI, "date": _DATE}, "inline element")
_VERBATIM = kinds({"text": _RUN, "link": _LINK}, "inline element of preformatted text")
_RUNS = items(n.RICH_ELEMENTS, _INLINE)
_BORDER: Mapping[str, Check] = {"border": number(n.BORDER)}
_RICH_SECTION = shape({"elements": _RUNS})
_RICH_CHILD = kinds(
    {
        "rich_text_section": _RICH_SECTION,
        "rich_text_quote": shape({"elements": _RUNS}, _BORDER),
        "rich_text_preformatted": shape(
            {"elements": items(n.RICH_ELEMENTS, _VERBATIM)},
            {**_BORDER, "language": spoken(n.TEXT_OBJECT)},
        ),
        "rich_text_list": shape(
            {
                "style": one_of("bullet", "ordered"),
                "elements": items(
                    n.RICH_ELEMENTS, kinds({"rich_text_section": _RICH_SECTION}, "list item")
                ),
            },
            {**_BORDER, "indent": number(n.LIST_INDENT), "offset": number(n.LIST_OFFSET)},
        ),
    },
    "part of rich text",
)
_RICH_BODY = {"elements": items(n.RICH_ELEMENTS, _RICH_CHILD)}

# ------------------------------------------------------------------ tables

_RAW_TEXT = shape({"text": string(n.TABLE_CELL)})
_CELL = kinds({"raw_text": _RAW_TEXT, "rich_text": shape(_RICH_BODY)}, "cell")
_DATA_CELL = kinds(
    {
        "raw_text": _RAW_TEXT,
        "raw_number": shape(
            {"value": lambda _value, _at: iter(()), "text": spoken(n.TEXT_OBJECT)}
        ),
        "rich_text": shape(_RICH_BODY),
    },
    "cell",
)
_COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _cells(limit: n.Limit) -> Check:
    """Not more than so many characters over all cells."""

    def check(value: object, at: str) -> Iterator[Fault]:
        if (
            isinstance(value, Mapping)
            and (found := sum(map(len, texts(value.get("rows"))))) > limit.most
        ):
            yield Fault(
                f"{at}/rows", f"{found} characters in its cells, more than {limit.most}"
            )

    return check


def _even(value: object, at: str) -> Iterator[Fault]:
    """Every row of a data table has as many cells as its header."""
    rows = value.get("rows") if isinstance(value, Mapping) else None
    if (
        isinstance(rows, list | tuple)
        and len({len(r) for r in rows if isinstance(r, list | tuple)}) > 1
    ):
        yield Fault(f"{at}/rows", "have different numbers of cells")


def texts(value: object) -> Iterator[str]:
    """Every string that stands in a field `text`, in order."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                if name == "text":
                    yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, (list, tuple)):  # a union takes thrice as long
        for inner in value:
            yield from texts(inner)


# ------------------------------------------------------------------ blocks


def _calls_nobody(value: object, at: str) -> Iterator[Fault]:
    if isinstance(value, str) and (found := MENTION.search(value)):
        yield Fault(at, f"mentions {found[0]}")


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return shape(required, {"block_id": string(n.BLOCK_ID), **(optional or {})})


BLOCKS: Mapping[str, Check] = {
    "section": both(
        _block(
            {},
            {
                "text": text(n.SECTION_TEXT),
                "fields": items(n.SECTION_FIELDS, text(n.FIELD_TEXT)),
                "accessory": kinds({**INTERACTIVE, "image": IMAGE_ELEMENT}, "accessory"),
                "expand": boolean,
            },
        ),
        some_of("text", "fields"),
    ),
    "rich_text": _block(_RICH_BODY),
    "header": _block(
        {"text": text(n.HEADER_TEXT, plain=True)}, {"level": number(n.HEADER_LEVEL)}
    ),
    "image": both(
        _block(
            {"alt_text": spoken(n.IMAGE_ALT)},
            {
                "image_url": url(n.IMAGE_URL),
                "slack_file": shape({}, {"id": ID, "url": url(n.IMAGE_URL)}),
                "title": text(n.IMAGE_TITLE, plain=True),
            },
        ),
        some_of("image_url", "slack_file"),
    ),
    "context": _block(
        {
            "elements": items(
                n.CONTEXT_ELEMENTS,
                kinds(
                    {
                        "image": IMAGE_ELEMENT,
                        "mrkdwn": text(n.TEXT_OBJECT),
                        "plain_text": text(n.TEXT_OBJECT),
                    },
                    "element",
                ),
            )
        }
    ),
    "actions": _block({"elements": items(n.ACTIONS_ELEMENTS, kinds(INTERACTIVE, "element"))}),
    "divider": _block({}),
    "input": _block(
        {"label": text(n.INPUT_LABEL, plain=True), "element": kinds(INPUTS, "input element")},
        {
            "hint": text(n.INPUT_LABEL, plain=True),
            "optional": boolean,
            "dispatch_action": boolean,
        },
    ),
    "markdown": _block({"text": both(spoken(n.MARKDOWN_TEXT), _calls_nobody)}),
    "table": both(
        _block(
            {"rows": items(n.TABLE_ROWS, items(n.TABLE_COLUMNS, _CELL))},
            {"column_settings": items(n.TABLE_COLUMNS, _COLUMN)},
        ),
        _cells(n.TABLE_TEXT),
    ),
    "data_table": both(
        both(
            _block(
                {
                    "rows": items(n.DATA_TABLE_ROWS, items(n.TABLE_COLUMNS, _DATA_CELL)),
                    "caption": spoken(n.TEXT_OBJECT),
                },
                {
                    "page_size": number(n.DATA_TABLE_PAGE),
                    "row_header_column_index": number(n.DATA_TABLE_INDEX),
                },
            ),
            _even,
        ),
        _cells(n.DATA_TABLE_TEXT),
    ),
    "video": _block(
        {
            "title": text(n.VIDEO_TITLE, plain=True),
            "alt_text": spoken(n.VIDEO_TEXT),
            "video_url": url(n.IMAGE_URL),
            "thumbnail_url": url(n.IMAGE_URL),
        },
        {
            "title_url": url(n.IMAGE_URL),
            "description": text(n.VIDEO_TEXT, plain=True),
            "author_name": spoken(n.VIDEO_NAME),
            "provider_name": spoken(n.VIDEO_NAME),
            "provider_icon_url": url(n.IMAGE_URL),
        },
    ),
}
"""Kind -> its shape."""

# /reference/block-kit/blocks, read 2026-08-20: what stands in messages but not there.
NOT_IN_VIEWS: Mapping[str, frozenset[str]] = {
    "modal": frozenset({"markdown", "table", "data_table"}),
    "home": frozenset({"markdown"}),
}
