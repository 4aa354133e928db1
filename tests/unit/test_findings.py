"""What fuzzing found: texts that took a way of their own through the program, or broke a promise."""

import json
from pathlib import Path

import pytest

from formatters.message import Style
from tests.fuzz.fuzz_post import check

FINDINGS = Path(__file__).parent.parent / "fixtures" / "findings"
TEXTS = [
    text
    for file in sorted(FINDINGS.glob("*.json"))
    for text in json.loads(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("style", Style)
def test_what_was_found_once_becomes_valid_messages(style: Style):
    """No crash, and no message that Slack would refuse."""
    for text in TEXTS:
        check(text, style)


def test_there_is_something_to_look_at():
    """An empty folder would prove nothing."""
    assert len(TEXTS) > 100
