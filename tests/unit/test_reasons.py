"""Reasons: kept once, said in the reader's language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.reasons import key_of, reason, said
from tests.fakes import NOON


def test_a_reason_is_said_in_the_language_and_the_zone_of_its_reader():
    """What is kept knows neither."""
    kept = reason("date", moment=NOON)

    assert said(kept, "en") == "waits for its date 2026-11-20 12:00 UTC"
    shanghai = ZoneInfo("Asia/Shanghai")
    assert said(kept, "zh-CN", zone=shanghai) == "等待发布时间 2026-11-20 20:00 Asia/Shanghai"
    assert key_of(kept) == "date"


def test_the_same_reason_is_kept_in_the_same_words():
    """Whatever zone the moment came in: else every round would write it anew."""
    there = NOON.astimezone(ZoneInfo("Asia/Shanghai"))

    assert reason("date", moment=there) == reason("date", moment=NOON)


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "was there before the first look",
        "the channel refuses (is_archived): unarchive the channel; then what waits goes on",
        '{"say": "x"',
        '{"say":"broken',
        '{"say":"a-key-of-a-later-version","x":1}',
    ],
)
def test_other_words_are_said_as_they_are(kept):
    """Earlier versions kept sentences, later ones may know more keys."""
    assert said(kept, "zh") == kept


def test_words_that_are_no_reason_have_no_key():
    """Nothing is made up."""
    assert key_of("was there before") == ""


def test_values_are_said_as_they_were_given():
    """Names with quotes and braces come back whole; moments only are put in words."""
    kept = reason("breaker", count=47, breaker=3, names='a "b" {c}.md', more=0)

    assert 'more than 3: a "b" {c}.md; repost' in said(kept, "en")
    assert "2026" not in said(kept, "en")
    assert datetime(2026, 1, 1, tzinfo=UTC).isoformat() in reason(
        "date", moment=datetime(2026, 1, 1, tzinfo=UTC)
    )
