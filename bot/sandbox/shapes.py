"""JSON as it lies on the wire, and careful ways to reach into it.

Pure: no state of the sandbox, no network.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from formatters.message import JSONValue

__all__ = ["JSONValue", "Obj", "dicts", "nodes", "obj", "objs", "plain", "string"]

Obj: TypeAlias = dict[str, JSONValue]


def obj(value: object) -> Obj:
    """Give a JSON object as it is, anything else as {}."""
    return dict(value) if isinstance(value, Mapping) else {}


def objs(value: object) -> list[JSONValue]:
    """Give a JSON array as it is, anything else as []."""
    return list(value) if isinstance(value, list | tuple) else []


def dicts(value: object) -> list[Obj]:
    """Give the objects of a JSON array, leaving out what is none."""
    return [obj(inner) for inner in objs(value) if isinstance(inner, Mapping)]


def string(value: object) -> str:
    """Give a JSON string as it is, null as "", any other scalar as words."""
    return "" if value is None else str(value)


def plain(text: object) -> str:
    """Give the words of a text object."""
    return string(obj(text).get("text"))


def nodes(value: object, block_id: str = "") -> Iterator[tuple[str, Obj]]:
    """Walk every object of a JSON value with the block_id it stands under, outside first."""
    if isinstance(value, Mapping):
        here = string(value.get("block_id")) or block_id
        yield here, obj(value)
        for inner in value.values():
            yield from nodes(inner, here)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from nodes(inner, block_id)
