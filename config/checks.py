"""Faults that show only when settings are seen together.

Pure. Looks at what was written, not at what was built from it, so that a fault in one place does
not hide those in another. Whatever has not the expected shape is left to the validation.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from config.model import Settings
from config.problem import KeyPath, one_of

Fault: TypeAlias = tuple[KeyPath, str]
Row: TypeAlias = Mapping[str, object]


def contradictions(tree: Row, profiles: Collection[str]) -> Iterator[Fault]:
    """Find what cannot hold together, with the path where it stands.

    Args:
        tree: the settings as written.
        profiles: names of the profiles there are.
    """
    site = tree.get("site")
    profile = site.get("profile") if isinstance(site, dict) else None
    if isinstance(profile, str) and profile not in profiles:
        yield ("site", "profile"), f"no profile '{profile}'; {one_of(profile, profiles)}"
    yield from _twice(tree, "sources")
    yield from _twice(tree, "channels")
    yield from _sources_of_channels(tree)


def missing_to_run(settings: Settings) -> tuple[str, ...]:
    """Say what valid settings still lack before the bot can work with a real Slack, in words."""
    slack = settings.slack
    lacks = {
        "set SLACK_BOT_TOKEN (or SLACK_BOT_TOKEN_FILE): the bot cannot speak without it": (
            not slack.bot_token.get_secret_value()
        ),
        "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP (each also as"
        " _FILE): without one the bot cannot tell Slack from a stranger": not (
            slack.app_token.get_secret_value() or slack.signing_secret.get_secret_value()
        ),
        "add a source of role issues under 'sources': there is nothing to publish": not any(
            source.role == "issues" for source in settings.sources
        ),
        "add a channel under 'channels': there is nowhere to publish": not settings.channels,
    }
    return tuple(words for words, lacking in lacks.items() if lacking)


def _rows(tree: Row, section: str) -> Iterator[tuple[int, Row]]:
    rows = tree.get(section)
    for place, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield place, row


def _twice(tree: Row, section: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for place, row in _rows(tree, section):
        name = row.get("id")
        if not isinstance(name, str):
            continue
        if name in first:
            words = f"'{name}' is the id of {section}[{first[name]}] already; each id once"
            yield (section, place, "id"), words
        first.setdefault(name, place)


def _sources_of_channels(tree: Row) -> Iterator[Fault]:
    roles = {row.get("id"): row.get("role") for _, row in _rows(tree, "sources")}
    known = {str(name): role for name, role in roles.items()}
    for place, channel in _rows(tree, "channels"):
        wanted = channel.get("sources")
        for number, name in enumerate(wanted if isinstance(wanted, list) else ()):
            words = _unusable(str(name), known)
            if words:
                yield ("channels", place, "sources", number), words


def _unusable(name: str, roles: Mapping[str, object]) -> str:
    if not roles:
        return f"no source '{name}'; there are none under 'sources' yet"
    if name not in roles:
        return f"no source '{name}'; {one_of(name, roles)}"
    if roles[name] == "events":
        return (
            f"'{name}' has role events: its pages feed the list of meetups and are not posted"
        )
    return ""
