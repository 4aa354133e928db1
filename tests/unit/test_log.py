"""Log lines: fields, shapes, and no secret in any of them."""

import io
import json
import logging

import pytest

from bot import log

SECRET = "s3cr3t-signing-value"


@pytest.fixture
def lines(request):
    """A logger set up in the wanted style, and the stream it writes to."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.set_up(stream, style=request.param, secrets=[SECRET, "abc"])
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize("lines", ["json"], indirect=True)
def test_fields_of_a_line_become_keys(lines):
    """A delivery's line carries post, channel and delivery as keys a machine can read."""
    logging.getLogger("bot.x").info(
        "delivery.sent post=%s channel=%s part=%d", "w:1.md", "C1", 2
    )

    line = json.loads(lines.getvalue())

    assert line["event"] == "delivery.sent"
    assert (line["post"], line["channel"], line["part"]) == ("w:1.md", "C1", "2")
    assert line["time"].endswith("Z")


@pytest.mark.parametrize("lines", ["json"], indirect=True)
def test_a_line_without_matching_fields_is_still_a_line(lines):
    """A message that mixes words and values loses nothing."""
    logging.getLogger("bot.x").warning("%s is odd", "this")

    assert json.loads(lines.getvalue())["message"] == "this is odd"


@pytest.mark.parametrize("lines", ["json", "text"], indirect=True)
def test_secrets_reach_no_line_and_no_traceback(lines):
    """Known secrets and everything of a token's shape are hidden, in exceptions too."""
    try:
        raise ValueError(f"refused {SECRET}")  # noqa: TRY301 - the traceback is what is tested
    except ValueError:
        logging.getLogger("bot.x").exception("call.failed token=%s", "xoxb-1-2-abc")

    assert SECRET not in lines.getvalue()
    assert "xoxb-1" not in lines.getvalue()
    assert lines.getvalue().count(log.HIDDEN) >= 2


@pytest.mark.parametrize("lines", ["text"], indirect=True)
def test_short_known_values_do_not_blank_out_words(lines):
    """A secret too short to be one is left alone."""
    logging.getLogger("bot.x").info("abc")

    assert lines.getvalue().endswith("INFO abc\n")


def test_a_redactor_shows_no_secret():
    """Its repr tells how many secrets it knows, not which."""
    assert SECRET not in repr(log.Redactor([SECRET]))
