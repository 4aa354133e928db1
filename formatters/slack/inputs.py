"""Fields of a form in a window, built by hand; each is named by its block_id and action_id.

Pure. What was filled in before is put in as it was, as far as a field holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formatters.message import Block, JSONValue
from formatters.slack import numbers
from formatters.slack.blocks import plain_text
from formatters.slack.cut import shortened


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, what stands above and below it, and whether it may be left empty."""

    name: str
    label: str
    hint: str = ""
    optional: bool = True


def text_field(field: Field, value: str) -> Block:
    """Make a line to write in."""
    return _field(field, "plain_text_input", {"initial_value": _cut(value)})


def day_field(field: Field, value: str) -> Block:
    """Make a field for a day, `2026-12-05`."""
    return _field(field, "datepicker", {"initial_date": value})


def time_field(field: Field, value: str) -> Block:
    """Make a field for a time of day, `14:00`."""
    return _field(field, "timepicker", {"initial_time": value})


def choice_field(field: Field, options: Sequence[tuple[str, str]], value: str) -> Block:
    """Make a menu of (value, words); an unknown `value` chooses the first one."""
    made: dict[str, JSONValue] = {
        name: {"text": plain_text(words, numbers.OPTION_TEXT), "value": name}
        for name, words in options
    }
    chosen = made.get(value) or next(iter(made.values()))
    return _field(field, "static_select", {"initial_option": chosen}, list(made.values()))


def _cut(value: str) -> str:
    return shortened(value, numbers.INPUT_VALUE.most) if value else ""


def _field(
    field: Field,
    kind: str,
    filled: Mapping[str, JSONValue],
    options: Sequence[JSONValue] = (),
) -> Block:
    element: dict[str, JSONValue] = {"type": kind, "action_id": field.name}
    element |= {name: value for name, value in filled.items() if value}
    if options:
        element["options"] = list(options)
    block: dict[str, JSONValue] = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, numbers.INPUT_LABEL),
        "element": element,
        "optional": field.optional,
    }
    if field.hint:
        block["hint"] = plain_text(field.hint, numbers.INPUT_LABEL)
    return block
