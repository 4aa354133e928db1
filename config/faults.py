"""Turn what pydantic refuses into words for operators, and find keys nobody knows.

Pure. Values of the file may be named; values of the environment never arrive here.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias, get_args

from pydantic import BaseModel, ValidationError

from config.problem import KeyPath, one_of

Fault: TypeAlias = tuple[KeyPath, str]

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
    ("command",): "must be a slash and at most 31 of a-z, 0-9, '_', '-', such as /digest",
}


def reworded(error: ValidationError) -> Iterator[Fault]:
    """Say each fault of a validation in our own words, where it stands."""
    details = error.errors(include_url=False, include_input=False)
    paths = [tuple(detail["loc"]) for detail in details]
    for path, detail in zip(paths, details, strict=True):
        inner = any(other[: len(path)] == path and other != path for other in paths)
        if detail["type"] == "default_factory_not_called" or (
            detail["type"] == "too_short" and inner
        ):
            continue  # follows from another fault: refused items leave a list empty
        context: Mapping[str, object] = detail.get("ctx", {})
        yield path, _words(detail["type"], path, context, detail["msg"])


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
            inner = _model_in(model.model_fields[key].annotation)
            kept[key] = _inside(value, inner, (*path, key), found) if inner else value
        else:
            found.append(((*path, key), f"is no key here; {one_of(key, model.model_fields)}"))
    return kept


def _inside(value: object, model: type[BaseModel], path: KeyPath, found: list[Fault]) -> object:
    if isinstance(value, dict):
        return _known(value, model, path, found)
    if isinstance(value, list):
        return [_inside(item, model, (*path, place), found) for place, item in enumerate(value)]
    return value


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Find the model inside `Model`, `Model | None` or `tuple[Model, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
