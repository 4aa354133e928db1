"""The words of our own, from the message files in `locales`, and templates that operators write.

Pure but for reading its own package data once. Templates write sentences, never structure.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import yaml

from formatters.templates import Renderer, names_in, own

LANGUAGES = ("en", "zh")
"""Languages we speak; the first one stands in for all others."""

_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]+")
_CALLS = re.compile(r"@(?=here|channel|everyone)", re.IGNORECASE)


def phrase(language: str, key: str, **values: object) -> str:
    """Say a sentence for an mrkdwn text: what is filled in stays text, whatever is in it.

    Args:
        language: a tag such as `zh-CN`; one that we do not speak falls back to English.
        key: the way to the sentence in a message file, such as `card.read`.
        values: what the sentence has gaps for; too few are an error, too many are not.

    Raises:
        KeyError: no message file has such a sentence.
        jinja2.UndefinedError: a gap has no value.
    """
    return _sentence(spoken_language(language), key, escaped=True)(values)


def words(language: str, key: str, **values: object) -> str:
    """Say a sentence for a plain text (headings, buttons, rich text); otherwise as `phrase`."""
    if not values:
        return _said(spoken_language(language), key)
    return _sentence(spoken_language(language), key, escaped=False)(values)


def escape(text: str) -> str:
    """Make any text safe for mrkdwn and for `text`: no link, no mention, no entity in it is live.

    Slack asks for `& < >` (/messaging/formatting-message-text, read 2026-08-20); the bare words
    @here, @channel and @everyone are broken by an invisible joiner, as they may fire even so.
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALLS.sub("@\u2060", text) if "@" in text else text


def spoken_language(tag: str) -> str:
    """Choose the language of ours for a tag such as `zh-CN`, `zh_Hans` or `de`."""
    primary = tag.replace("_", "-").split("-")[0].lower()
    return primary if primary in LANGUAGES else LANGUAGES[0]


def language_of(text: str) -> str:
    """Choose the language of ours that most of a text is written in: a sign is as much as a word."""
    return "zh" if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else LANGUAGES[0]


def keys(language: str) -> frozenset[str]:
    """Give every key of a message file."""
    return frozenset(_sentences(language))


def gaps(language: str, key: str) -> frozenset[str]:
    """Give the names of the values that a sentence is filled with in any language."""
    spoken = spoken_language(language)
    return frozenset(
        name for one in (spoken, *LANGUAGES) for name in names_in(_sentences(one)[key])
    )


def _finalized(value: object) -> str:
    return escape(str(value))


@cache
def _said(language: str, key: str) -> str:
    """A sentence without gaps: most are."""
    return _sentence(language, key, escaped=False)({})


@cache
def _sentence(language: str, key: str, *, escaped: bool) -> Renderer:
    return own(_sentences(language)[key], _finalized if escaped else None)


@cache
def _sentences(language: str) -> Mapping[str, str]:
    text = files("formatters").joinpath("locales", f"{language}.yaml").read_text("utf-8")
    return dict(_flat(yaml.safe_load(text), ""))


def _flat(tree: Mapping[str, object], way: str) -> Iterator[tuple[str, str]]:
    for name, inner in tree.items():
        if isinstance(inner, Mapping):
            yield from _flat(inner, f"{way}{name}.")
        else:
            yield f"{way}{name}", str(inner)
