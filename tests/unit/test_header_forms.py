"""Headers as generators have them: tests/fixtures/header.

There: title with the post's path, dot, post, dot, what is read of it, dot. A header is JSON of
the fields that are not at their default; an error is its words.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest

from formatters.document import Header, PostError, Site
from formatters.header import read_header

FIXTURES = Path(__file__).parent.parent / "fixtures" / "header"
SITE = Site(zone="Asia/Shanghai")


def cases(*names: str) -> Iterator[object]:
    """Path, post and expectation."""
    for name in names:
        text = (FIXTURES / f"{name}.md").read_text(encoding="utf-8")
        parts = text.split("\n.\n")
        for title, post, expected in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
            path = re.search(r"\((\S+\.md)\)$", title)
            assert path, title
            yield pytest.param(path[1], post, expected, id=f"{name}: {title.strip()}")


def told(header: Header) -> dict[str, object]:
    """The fields that are not at their default, as JSON has them."""
    plain = Header()
    values = {f.name: getattr(header, f.name) for f in fields(Header)}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if value != getattr(plain, name)
    }


def as_tuples(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize(("path", "post", "expected"), list(cases("generators", "prose")))
def test_each_generators_header_is_read(path: str, post: str, expected: str):
    """Every field, where the text begins, and nothing besides; `extra` where a case tells it."""
    wanted = {key: as_tuples(value) for key, value in json.loads(expected).items()}
    body, above, extra = (wanted.pop(key, None) for key in ("body", "above", "extra"))

    header, text, lines = read_header(post, path=path, site=SITE)

    found = told(header)
    unread = found.pop("extra", {})
    assert found == wanted
    assert extra is None or unread == extra
    assert body is None or text == body
    assert above is None or lines == above


@pytest.mark.parametrize(("path", "post", "expected"), list(cases("broken")))
def test_a_broken_header_is_told_with_line_and_remedy(path: str, post: str, expected: str):
    """Its author reads where to look, what is wrong, and what to do."""
    with pytest.raises(PostError) as raised:
        read_header(post, path=path, site=SITE)

    assert str(raised.value) == expected
