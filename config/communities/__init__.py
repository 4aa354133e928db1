"""Ready profiles: the words by which known newsletters head their sections."""

from collections.abc import Mapping
from importlib import resources
from typing import get_args

from config.model import SectionName
from config.yaml import Document, parse_yaml

DEFAULT = "default"


def names() -> tuple[str, ...]:
    """List the profiles there are, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name[:-5] for file in files if file.name.endswith(".yaml")))


def profile(name: str) -> Mapping[str, tuple[str, ...]]:
    """Read a profile: kind of section -> words, in lower case, that a heading of it holds.

    A community's own words come first; the default's follow where the community does not use
    the same words for another kind.

    Raises:
        SettingsError: the profile is no plain YAML mapping.
        KeyError: there is no profile of this name.
    """
    if name not in names():
        raise KeyError(name)
    own = _words(name)
    if name == DEFAULT:
        return own
    taken = frozenset(word for words in own.values() for word in words)
    return {
        kind: own.get(kind, ()) + tuple(word for word in words if word not in taken)
        for kind, words in _words(DEFAULT).items()
    }


def _words(name: str) -> dict[str, tuple[str, ...]]:
    file = resources.files(__name__).joinpath(f"{name}.yaml")
    document = parse_yaml(file.read_text(encoding="utf-8"), file.name)
    return {kind: _list(document, kind) for kind in get_args(SectionName)}


def _list(document: Document, kind: str) -> tuple[str, ...]:
    words = document.values.get(kind)
    return tuple(str(word).lower() for word in words) if isinstance(words, list) else ()
