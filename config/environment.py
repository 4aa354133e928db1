"""The environment's share of the settings: secrets, addresses, and where the file is.

The one place that knows `os.environ`. Values are never repeated in problems.
"""

import base64
import difflib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from config.problem import KeyPath, SettingProblem

FILE = "environment"
"""What problems of variables name as their file."""
CONFIG = "DIGESTBOT_CONFIG"
_TEST_PREFIX = "DIGESTBOT_TEST_"  # the test suite's own switches
_MAX_SECRET = 10_000  # characters; ours: Slack's tokens have below 200

_KEY_BYTES = 32  # of a Fernet key


class RefusedError(ValueError):
    """A variable whose value cannot be used; the words leave the value out."""


@dataclass(frozen=True, slots=True)
class Share:
    """What the environment says. `origins` names the variable behind each path."""

    values: Mapping[KeyPath, object]
    origins: Mapping[KeyPath, str]
    problems: tuple[SettingProblem, ...]


class Variable(NamedTuple):
    """One variable: where its value goes, how it is read, whether `NAME_FILE` may hold it."""

    path: KeyPath
    read: Callable[[str], object]
    secret: bool = False


def _word(value: str) -> str:
    if not value.strip():
        raise RefusedError("is set but empty; give it a value or unset it")
    return value.strip()


def _secret(value: str) -> str:
    value = _word(value)
    if any(sign.isspace() for sign in value):
        raise RefusedError("has white space inside; copy it again, on one line")
    return value


def _bot_token(value: str) -> str:
    value = _secret(value)
    if value.startswith(("xapp-", "xoxp-")):
        raise RefusedError("is another kind of token; a bot token begins with xoxb-")
    return value


def _app_token(value: str) -> str:
    if not value.strip():
        return ""  # absent: HTTP instead of Socket Mode; compose files pass empty variables
    if _secret(value).startswith("xox"):
        raise RefusedError("is another kind of token; an app-level token begins with xapp-")
    return _secret(value)


def _optional(value: str) -> str:
    return _secret(value) if value.strip() else ""  # compose files pass empty variables


def _api_url(value: str) -> str:
    value = _word(value)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RefusedError("must be an address such as https://slack.com/api/")
    return value.rstrip("/") + "/"  # slack-sdk joins method names to it


def _keys(value: str) -> str:
    keys = value.replace(",", " ").split()
    for key in keys:
        try:
            fits = len(base64.urlsafe_b64decode(key.encode())) == _KEY_BYTES
        except ValueError:
            fits = False
        if not fits:
            raise RefusedError("is no key; `digestbot key` prints one")
    return ",".join(keys)


def _port(value: str) -> int:
    if not value.strip().isdecimal():
        raise RefusedError("must be a port number, such as 3000")
    return int(value)


def _folder(value: str) -> Path:
    return Path(_word(value)).expanduser().absolute()  # read from where we were started


VARIABLES: Mapping[str, Variable] = {
    "DATABASE_URL": Variable(("database_url",), _secret, secret=True),
    "SLACK_BOT_TOKEN": Variable(("slack", "bot_token"), _bot_token, secret=True),
    "SLACK_SIGNING_SECRET": Variable(("slack", "signing_secret"), _secret, secret=True),
    "SLACK_APP_TOKEN": Variable(("slack", "app_token"), _app_token, secret=True),
    "SLACK_CLIENT_ID": Variable(("slack", "client_id"), _optional),
    "SLACK_CLIENT_SECRET": Variable(("slack", "client_secret"), _optional, secret=True),
    "DIGESTBOT_ENCRYPTION_KEY": Variable(("encryption_key",), _keys, secret=True),
    "SLACK_API_URL": Variable(("slack", "api_url"), _api_url),
    "GITHUB_TOKEN": Variable(("tokens", "GITHUB_TOKEN"), _optional, secret=True),
    "GITHUB_WEBHOOK_SECRET": Variable(("github", "webhook_secret"), _optional, secret=True),
    "PORT": Variable(("port",), _port),
    "DIGESTBOT_HOST": Variable(("host",), _word),
    "DIGESTBOT_DATA": Variable(("data",), _folder),
}
"""Every variable that is a setting; secret ones also as NAME_FILE."""


def names() -> frozenset[str]:
    """List every variable the bot knows, `*_FILE` forms included."""
    files = {f"{name}_FILE" for name, variable in VARIABLES.items() if variable.secret}
    return frozenset(VARIABLES) | files | {CONFIG}


def process_environment() -> Mapping[str, str]:
    """Answer this process's environment, as it is now."""
    return dict(os.environ)


def share(environ: Mapping[str, str], tokens: Iterable[str] = ()) -> Share:
    """Take the settings out of an environment.

    Args:
        environ: the environment.
        tokens: names of further variables that hold tokens of sources.
    """
    more = {name: Variable(("tokens", name), _secret, secret=True) for name in tokens}
    values: dict[KeyPath, object] = {}
    origins: dict[KeyPath, str] = {}
    problems = _unknown(environ)
    for name, variable in (more | dict(VARIABLES)).items():
        source = _chosen(name, variable, environ)
        if source is None:
            continue
        origins[variable.path] = source
        try:
            values[variable.path] = variable.read(_text(name, source, environ))
        except RefusedError as refused:
            problems.append(SettingProblem(FILE, 0, source, str(refused)))
    return Share(values, origins, tuple(problems))


def _chosen(name: str, variable: Variable, environ: Mapping[str, str]) -> str | None:
    """Say which of NAME and NAME_FILE is set; the file if both are, which `_text` refuses."""
    if variable.secret and f"{name}_FILE" in environ:
        return f"{name}_FILE"
    return name if name in environ else None


def _text(name: str, source: str, environ: Mapping[str, str]) -> str:
    if source == name:
        return environ[name]
    if environ.get(name):
        raise RefusedError(f"is set beside {name}; keep one of the two")
    return _file_text(environ[source])


def _file_text(path: str) -> str:
    try:
        with Path(_word(path)).open(encoding="utf-8") as stream:
            text = stream.read(_MAX_SECRET + 1)
    except OSError as error:
        raise RefusedError(f"names {path}, which cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise RefusedError(f"names {path}, which is not text") from None
    if not text.strip():
        raise RefusedError(f"names {path}, which is empty; write the secret into it")
    if len(text) > _MAX_SECRET:
        raise RefusedError(f"names {path}, which is too long for a secret")
    return text


def _unknown(environ: Mapping[str, str]) -> list[SettingProblem]:
    """Find misspelt variables of our own; other programs' variables are none of our business."""
    known = sorted(name for name in names() if name.startswith("DIGESTBOT_"))
    strangers = (
        name
        for name in sorted(environ)
        if name.startswith("DIGESTBOT_") and not name.startswith(_TEST_PREFIX)
    )
    return [
        SettingProblem(FILE, 0, name, f"is not known; {_nearest(name, known)}")
        for name in strangers
        if name not in known
    ]


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
