"""What is wrong with settings, in words for operators: refused values, unknown keys, contradictions.

Pure. Values of the file may be named; values of the environment never arrive here.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias, get_args

from pydantic import BaseModel, ValidationError

from config.model import Settings
from config.problem import KeyPath, one_of
from config.sources import GITHUB_TOKEN, KINDS, VARIABLE, kind_of

Fault: TypeAlias = tuple[KeyPath, str]
Row: TypeAlias = Mapping[str, object]

_VARIABLE = re.compile(VARIABLE)

_WORDS = {
    "missing": "is required",
    "string_type": "must be text; put quotes around it",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "tuple_type": "must be a list, such as [a, b]",
    "model_type": "must hold keys and values",
    "model_attributes_type": "must hold keys and values",
    "path_type": "must be a path",
    "too_short": "must not be empty",
}
_WITH = {  # kind -> what its context calls the value, words around it
    "literal_error": ("expected", "must be {}"),
    "value_error": ("error", "{}"),
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than_equal": ("le", "must be at most {}"),
}
_IDS = {
    (
        "channels",
        "id",
    ): "must be a channel's id such as C0123456789 (at the foot of its details)",
    ("maintainers", "channel"): "must be a channel's id such as C0123456789",
    ("maintainers", "users"): "must be members' ids such as U0123456789 (in their profiles)",
    ("maintainers", "usergroup"): "must be a user group's id such as S0123456789",
    ("sources", "id"): "may have letters, digits, '_', '-' and '.' only",
    ("sources", "repository"): "must be owner/name, such as example/website",
    ("sources", "token"): "must be the name of an environment variable, such as SITE_TOKEN",
    ("command",): "must be a slash and at most 31 of a-z, 0-9, '_', '-', such as /digest",
}


def reworded(error: ValidationError) -> Iterator[Fault]:
    """Say each fault of a validation in our own words, where it stands."""
    details = error.errors(include_url=False, include_input=False)
    paths = [_as_written(detail["loc"]) for detail in details]
    for path, detail in zip(paths, details, strict=True):
        inner = any(other[: len(path)] == path and other != path for other in paths)
        if detail["type"] == "default_factory_not_called" or (
            detail["type"] == "too_short" and inner
        ):
            continue  # follows from another fault: refused items leave a list empty
        context: Mapping[str, object] = detail.get("ctx", {})
        if detail["type"] == "union_tag_invalid":
            words = f"is no kind of source; {one_of(str(context['tag']), KINDS)}"
            yield (*path, "kind"), words
            continue
        yield path, _words(detail["type"], path, context, detail["msg"])


def _as_written(path: KeyPath) -> KeyPath:
    """The path as the file has it: without the kind by which a source's class was chosen."""
    section, number, *inside = (*path, None, None)[: max(len(path), 2)]
    if section != "sources" or not isinstance(number, int):
        return path
    return (section, number, *(step for step in inside[1:] if step is not None))


def _words(kind: str, path: KeyPath, context: Mapping[str, object], message: str) -> str:
    if kind == "string_pattern_mismatch":
        return _IDS.get(tuple(step for step in path if isinstance(step, str)), message)
    if kind in _WITH:
        key, words = _WITH[kind]
        return words.format(context.get(key))
    return _WORDS.get(kind, message[:1].lower() + message[1:])


def strangers(
    tree: Mapping[str, object], model: type[BaseModel]
) -> tuple[dict[str, object], list[Fault]]:
    """Part the keys that a model knows from those it does not, at every depth.

    Returns:
        The tree without unknown keys, and a fault for each of them with the nearest known key.
    """
    found: list[Fault] = []
    return _known(tree, model, (), found), found


def _known(
    tree: Mapping[str, object], model: type[BaseModel], path: KeyPath, found: list[Fault]
) -> dict[str, object]:
    kept: dict[str, object] = {}
    for key, value in tree.items():
        if key in model.model_fields:
            inner = tuple(_models_in(model.model_fields[key].annotation))
            kept[key] = _inside(value, inner, (*path, key), found) if inner else value
        else:
            found.append(((*path, key), f"is no key here; {one_of(key, model.model_fields)}"))
    return kept


def _inside(
    value: object, models: tuple[type[BaseModel], ...], path: KeyPath, found: list[Fault]
) -> object:
    if isinstance(value, dict):
        model = models[0] if len(models) == 1 else _of_kind(models, kind_of(value))
        return _known(value, model, path, found) if model else value
    if isinstance(value, list):
        return [
            _inside(item, models, (*path, place), found) for place, item in enumerate(value)
        ]
    return value


def _of_kind(models: tuple[type[BaseModel], ...], kind: str) -> type[BaseModel] | None:
    """The class whose `kind` it is; None for a kind that there is not."""
    return next(
        (m for m in models if kind in get_args(m.model_fields["kind"].annotation)), None
    )


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Find the models inside `Model`, `Model | None`, `tuple[Model, ...]`, `A | B`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for part in get_args(annotation):
        yield from _models_in(part)


# ------------------------------------------------------------------ seen together


def contradictions(tree: Row, profiles: Collection[str]) -> Iterator[Fault]:
    """Find what cannot hold together, with the path where it stands.

    Looks at what was written, not at what was built from it, so that a fault in one place does
    not hide those in another. Whatever has not the expected shape is left to the validation.

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
    yield from tokens_missing(tree)


def tokens_named(tree: Row) -> Iterator[tuple[KeyPath, str]]:
    """The environment variables that sources take their tokens from, with the place of each."""
    for place, row in _rows(tree, "sources"):
        name = row.get("token")
        if isinstance(name, str) and _VARIABLE.fullmatch(name):
            yield ("sources", place, "token"), name


def tokens_missing(tree: Row) -> Iterator[Fault]:
    """Tokens that a source asks for and the environment does not have.

    GitHub's is not asked for: public repositories are read without one.
    """
    given = tree.get("tokens")
    for path, name in tokens_named(tree):
        if name != GITHUB_TOKEN and not (isinstance(given, dict) and name in given):
            yield path, f"names {name}, which is not set (nor {name}_FILE) in the environment"


def missing_to_run(settings: Settings) -> tuple[str, ...]:
    """Say what valid settings still lack before the bot can work with a real Slack, in words."""
    lacks = {
        **(_lacking_many(settings) if settings.many else _lacking_one(settings)),
        "add a source of role issues under 'sources': there is nothing to publish": not any(
            source.role == "issues" for source in settings.sources
        ),
        "add a channel under 'channels': there is nowhere to publish": not (
            settings.many or settings.channels
        ),
    }
    return tuple(words for words, lacking in lacks.items() if lacking)


def _lacking_one(settings: Settings) -> Mapping[str, bool]:
    """What a bot of one workspace needs."""
    slack = settings.slack
    foreign = (
        settings.maintainers.workspace,
        *(channel.workspace for channel in settings.channels),
    )
    return {
        "set SLACK_BOT_TOKEN (or SLACK_BOT_TOKEN_FILE): the bot cannot speak without it": (
            not slack.bot_token.get_secret_value()
        ),
        "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP (each also as"
        " _FILE): without one the bot cannot tell Slack from a stranger": not (
            slack.app_token.get_secret_value() or slack.signing_secret.get_secret_value()
        ),
        "set SLACK_CLIENT_ID, too: SLACK_CLIENT_SECRET alone lets nobody install the bot": bool(
            slack.client_secret.get_secret_value()
        ),
        "set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, or take the `workspace` out of 'channels'"
        " and 'maintainers': without them there is one workspace only": any(foreign),
    }


def _lacking_many(settings: Settings) -> Mapping[str, bool]:
    """What a bot needs that workspaces install by themselves."""
    slack = settings.slack
    homeless = not slack.bot_token.get_secret_value()
    asked = settings.maintainers
    return {
        "set SLACK_CLIENT_SECRET (or SLACK_CLIENT_SECRET_FILE): SLACK_CLIENT_ID alone lets nobody"
        " install the bot": not slack.client_secret.get_secret_value(),
        "set DIGESTBOT_ENCRYPTION_KEY (or DIGESTBOT_ENCRYPTION_KEY_FILE), which encrypts the"
        " workspaces' tokens; `digestbot key` prints one": (
            not settings.encryption_key.get_secret_value()
        ),
        "set SLACK_SIGNING_SECRET (or SLACK_SIGNING_SECRET_FILE): without it the bot cannot tell"
        " Slack from a stranger": not slack.signing_secret.get_secret_value(),
        "unset SLACK_APP_TOKEN: Socket Mode is for one workspace, those that install the bot"
        " reach it over HTTP": bool(slack.app_token.get_secret_value()),
        "set 'address', the public https address of the bot: Slack sends people back there": (
            not settings.address
        ),
        "name the `workspace` of each of the 'channels', or set SLACK_BOT_TOKEN": homeless
        and not all(channel.workspace for channel in settings.channels),
        "name the `workspace` of the 'maintainers', or set SLACK_BOT_TOKEN": homeless
        and not asked.workspace
        and bool(asked.users or asked.usergroup or asked.channel),
    }


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
