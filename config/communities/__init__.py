"""Ready profiles: the words by which known newsletters head their sections."""

from collections.abc import Mapping
from importlib import resources
from typing import get_args

from config.model import SectionName
from config.yaml import Document, parse_yaml


def names() -> tuple[str, ...]:
    """List the profiles there are, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name[:-5] for file in files if file.name.endswith(".yaml")))


def profile(name: str) -> Mapping[str, tuple[str, ...]]:
    """Read a profile: kind of section -> the community's own words in headings of that kind.

    Kinds without words of their own are left out; what newsletters in general say is not here.

    Raises:
        KeyError: there is no profile of this name.
    """
    if name not in names():
        raise KeyError(name)
    file = resources.files(__name__).joinpath(f"{name}.yaml")
    document = parse_yaml(file.read_text(encoding="utf-8"), file.name)
    found = {kind: _words(document, kind) for kind in get_args(SectionName)}
    return {kind: words for kind, words in found.items() if words}


def _words(document: Document, kind: str) -> tuple[str, ...]:
    words = document.values.get(kind)
    return tuple(str(word) for word in words) if isinstance(words, list) else ()
