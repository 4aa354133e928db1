"""Read a YAML file into plain values, and remember on which line each stands.

Scalars follow YAML 1.2: `off` and `17:00` stay words. Aliases and tags are refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from config.problem import KeyPath, SettingProblem, SettingsError, key_name

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"

MAX_BYTES = 1_000_000  # ours: a thousand times what a large community writes
MAX_DEPTH = 20  # ours: settings are four levels deep; far below Python's recursion limit

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {"true": True, "True": True, "TRUE": True} | dict.fromkeys(
    ("false", "False", "FALSE"), False
)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's top mapping. `lines` has the line, from 1, of every key and list item."""

    file: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int:
        """Answer the line of a path, or of the nearest thing around it; 0 if there is none."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 0

    def problem(self, path: KeyPath, words: str) -> SettingProblem:
        """Make a problem that stands at a path of this file."""
        return SettingProblem(self.file, self.line(path), key_name(path), words)


def read_yaml(path: Path) -> Document:
    """Read a file that holds one mapping; an empty file is an empty mapping.

    Raises:
        SettingsError: it cannot be read, or is not a plain YAML mapping with distinct keys.
    """
    return parse_yaml(_text(path), str(path))


def parse_yaml(text: str, file: str) -> Document:
    """Read text that holds one mapping; `file` is what problems name.

    Raises:
        SettingsError: it is not a plain YAML mapping with distinct keys.
    """
    try:
        refused = _refused(text)
        root = None if refused else yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise SettingsError([_syntax(file, text, error)]) from None
    if refused:
        raise SettingsError([SettingProblem(file, *refused)])
    if root is None:
        return Document(file)
    if not isinstance(root, yaml.MappingNode):
        words = "the file must hold keys and values, such as 'site:'"
        raise SettingsError([SettingProblem(file, 1, "", words)])
    return _Reader(file).document(root)


def _text(path: Path) -> str:
    """Read the file within its limit; a byte order mark is no part of the text."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise SettingsError([SettingProblem(str(path), 0, "", "is larger than 1 MB")])
        return raw.decode("utf-8-sig")
    except OSError as error:
        words = f"cannot be read ({error.strerror}); check the path and its permissions"
    except UnicodeDecodeError as error:
        words = f"is not UTF-8 (byte {error.start}); save it as UTF-8"
    raise SettingsError([SettingProblem(str(path), 0, "", words)])


def _refused(text: str) -> tuple[int, str, str] | None:
    """Find what we do not take, before any tree is built: aliases can grow without limit."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        words = _fault(event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            words = f"is nested deeper than {MAX_DEPTH} levels"
        if words:
            return event.start_mark.line + 1 if event.start_mark else 0, "", words
    return None


def _fault(event: yaml.Event) -> str:
    if isinstance(event, yaml.AliasEvent):
        return f"alias *{event.anchor}: aliases are not read here; write the value out"
    if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
        return ""
    if event.anchor:
        return f"anchor &{event.anchor}: anchors are not read here; remove it"
    if event.tag not in {None, "!"}:
        return "tags such as !!python or !env are not read here; remove the tag"
    return ""


def _syntax(file: str, text: str, error: yaml.YAMLError) -> SettingProblem:
    line, words = 0, "cannot be read"
    if isinstance(error, yaml.MarkedYAMLError):
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        words = error.problem or words
    elif isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        words = "holds a control character"
    return SettingProblem(file, line, "", f"is not valid YAML: {words}")


class _Reader:
    """Walks the nodes of one file, collecting lines and problems."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[KeyPath, int] = {}
        self._problems: list[SettingProblem] = []

    def document(self, root: yaml.MappingNode) -> Document:
        values = self._mapping(root, ())
        if self._problems:
            raise SettingsError(self._problems)
        return Document(self._file, values, self._lines)

    def _value(self, node: yaml.Node, path: KeyPath) -> Value:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return list(self._items(node, path))
        assert isinstance(node, yaml.ScalarNode)  # noqa: S101  # the only third kind there is
        return _scalar(node.value) if node.style is None else str(node.value)

    def _items(self, node: yaml.SequenceNode, path: KeyPath) -> Iterator[Value]:
        for place, child in enumerate(node.value):
            self._lines[(*path, place)] = child.start_mark.line + 1
            yield self._value(child, (*path, place))

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key, child in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._problem(line, path, "a key must be a word")
                continue
            here = (*path, str(key.value))
            if here in self._lines:
                self._problem(line, here, f"is given twice, first on line {self._lines[here]}")
                continue
            self._lines[here] = line
            values[str(key.value)] = self._value(child, here)
        return values

    def _problem(self, line: int, path: KeyPath, words: str) -> None:
        self._problems.append(SettingProblem(self._file, line, key_name(path), words))


def _scalar(text: str) -> Value:
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) < 20 else text  # noqa: PLR2004  # beyond 64 bits: a word
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
