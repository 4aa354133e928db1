"""Settings from a YAML file and the environment, with every fault reported at once.

Import from here: this is the face of the room.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from pydantic import ValidationError

from config import environment
from config.communities import names as profile_names
from config.communities import profile
from config.faults import (
    contradictions,
    missing_to_run,
    reworded,
    strangers,
    tokens_named,
)
from config.folder import texts_in
from config.model import (
    ChannelSettings,
    FetchSettings,
    GithubSecrets,
    MaintainerSettings,
    PublishSettings,
    QuietHours,
    SectionFilter,
    SendSettings,
    Settings,
    SiteSettings,
    SlackSettings,
)
from config.problem import KeyPath, SettingProblem, SettingsError
from config.sources import (
    FeedSettings,
    FolderSettings,
    GithubSettings,
    GitSettings,
    IcsSettings,
    SourceSettings,
)
from config.yaml import Document, read_yaml

__all__ = [
    "ChannelSettings",
    "FeedSettings",
    "FetchSettings",
    "FolderSettings",
    "GitSettings",
    "GithubSecrets",
    "GithubSettings",
    "IcsSettings",
    "MaintainerSettings",
    "PublishSettings",
    "QuietHours",
    "SectionFilter",
    "SendSettings",
    "SettingProblem",
    "Settings",
    "SettingsError",
    "SiteSettings",
    "SlackSettings",
    "SourceSettings",
    "load",
    "missing_to_run",
    "profile",
]

_Tree: TypeAlias = dict[str, object]


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    The environment wins over the file. Relative paths in the file, and the default of `data`,
    are read from the file's folder; without a file, from the working directory.

    Args:
        path: the YAML file; None = what `DIGESTBOT_CONFIG` names, or defaults only.
        environ: the process's environment.

    Raises:
        SettingsError: with all faults that were found.
    """
    named = environ.get(environment.CONFIG, "")
    file = path or (Path(named).expanduser() if named else None)
    try:
        document = read_yaml(file) if file else Document()
    except SettingsError as error:
        problems = [*error.problems, *environment.share(environ).problems]
        raise SettingsError(problems) from None
    share = environment.share(environ, [name for _, name in tokens_named(document.values)])
    problems = [*_secrets_in_file(document), *share.problems]
    settings, found = _settings(document, share, file.parent if file else None)
    problems += found
    if problems or settings is None:
        raise SettingsError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return settings


def _settings(
    document: Document, share: environment.Share, base: Path | None
) -> tuple[Settings | None, list[SettingProblem]]:
    """Validate file and environment together; the settings are None where they cannot be built."""
    tree, faults = strangers(_merged(document, share), Settings)
    faults += contradictions(tree, profile_names())
    problems = [document.problem(path, words) for path, words in faults]
    try:
        settings = Settings.model_validate(tree, context={"base": base, "read": texts_in})
    except ValidationError as error:
        refused = [_placed(document, share, path, words) for path, words in reworded(error)]
        return None, problems + refused
    return settings, problems


def _placed(
    document: Document, share: environment.Share, path: KeyPath, words: str
) -> SettingProblem:
    """Name the variable or the line that a fault comes from."""
    if path in share.origins:
        return SettingProblem(environment.FILE, 0, share.origins[path], words)
    return document.problem(path, words)


def _merged(document: Document, share: environment.Share) -> _Tree:
    """Lay the environment over the file; a section without content is its defaults."""
    secret = {path[0] for path, _ in _secret_paths()}
    tree: _Tree = {
        key: value
        for key, value in document.values.items()
        if value is not None and key not in secret
    }
    for path, value in share.values.items():
        *above, last = (str(step) for step in path)
        place = tree
        for step in above:
            inner = place.setdefault(step, {})
            place = inner if isinstance(inner, dict) else {}
        place[last] = value
    return tree


def _secret_paths() -> Iterator[tuple[KeyPath, str]]:
    for name, variable in environment.VARIABLES.items():
        if variable.secret:
            yield variable.path, name


def _secrets_in_file(document: Document) -> Iterator[SettingProblem]:
    """Refuse secrets in the file: it is reviewed, copied and committed."""
    for section in ("slack", "database_url", "github", "tokens", "encryption_key"):
        if section in document.values:
            names = [name for path, name in _secret_paths() if path[0] == section]
            words = f"comes from the environment only; set {', '.join(names)} (or NAME_FILE)"
            yield document.problem((section,), words)
