"""Reasons as they are kept and as they are said: a message key with its values, not a sentence.

Pure. What is kept says the same in every language, and does not change while nothing changes.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from formatters.phrases import keys, words

_KEY = "say"
_MOMENT = "moment"


def reason(key: str, **values: str | int | datetime) -> str:
    """A reason, ready to be kept.

    Args:
        key: below `reason` of the message files.
        values: what the sentence has gaps for; moments are aware.
    """
    kept = {name: _kept(value) for name, value in values.items()}
    return json.dumps({_KEY: key} | kept, ensure_ascii=False, separators=(",", ":"))


def said(kept: str, language: str, *, zone: tzinfo = UTC) -> str:
    """A kept reason in words.

    Words that are no reason of ours are said as they are: earlier versions kept sentences, and
    later ones may know more keys.

    Args:
        kept: as `reason` made it.
        language: a tag such as `zh-CN`.
        zone: the reader's, in which moments are told.
    """
    values = _values(kept)
    key = f"reason.{values.pop(_KEY, '')}"
    if key not in keys("en"):
        return kept
    return words(language, key, **{name: _said(one, zone) for name, one in values.items()})


def key_of(kept: str) -> str:
    """The key of a kept reason, "" for other words."""
    return str(_values(kept).get(_KEY, ""))


def value_of(kept: str, name: str) -> str:
    """One of the values of a kept reason, "" if it has none of that name."""
    value = _values(kept).get(name, "")
    return value if isinstance(value, str) else ""


def _kept(value: str | int | datetime) -> object:
    if isinstance(value, datetime):
        return {_MOMENT: value.astimezone(UTC).isoformat()}
    return value


def _values(kept: str) -> dict[str, object]:
    if not kept.startswith(f'{{"{_KEY}":'):
        return {}
    try:
        values: object = json.loads(kept)
    except ValueError:
        return {}
    return dict(values) if isinstance(values, Mapping) else {}


def _said(value: object, zone: tzinfo) -> object:
    if not isinstance(value, Mapping):
        return value
    there = datetime.fromisoformat(str(value[_MOMENT])).astimezone(zone)
    return f"{there:%Y-%m-%d %H:%M} {getattr(zone, 'key', None) or there.tzname()}"
