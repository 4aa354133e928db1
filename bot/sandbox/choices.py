"""What a person chose or typed, in the fields that Slack gives it.

Pure. /reference/block-kit/block-elements, /reference/interaction-payloads (read 2026-08-20).
"""

from collections.abc import Mapping

from bot.sandbox.errors import ControlError
from bot.sandbox.shapes import JSONValue, Obj, dicts, nodes, string
from bot.sandbox.state import View

_FIELDS = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
}
_OPTIONS = frozenset({"static_select", "overflow", "radio_buttons"})


def element(blocks: JSONValue, action_id: str, block_id: str | None) -> tuple[str, Obj]:
    """Find an interactive element and the block_id it stands under."""
    for block, node in nodes(blocks):
        if node.get("action_id") == action_id and block_id in (None, block):
            return block, node
    raise ControlError(f"there is no element {action_id!r} here")


def action(block: str, node: Obj, value: JSONValue, ts: str) -> Obj:
    """One entry of `actions`. `value` is a string, or fields as Slack names them."""
    kept = ("text", "value", "style") if node.get("type") == "button" else ()
    return {
        "type": node.get("type"),
        "action_id": node.get("action_id"),
        "block_id": block,
        **{key: node[key] for key in kept if key in node},
        **_chosen(node, value),
        "action_ts": ts,
    }


def typed(view: View, values: Mapping[str, JSONValue]) -> Obj:
    """The `state.values` of a view; values in short are written out as Slack writes them."""
    state: Obj = {}
    for block, held in values.items():
        if not isinstance(held, Mapping):
            raise ControlError(f"values of block {block!r} must be an object")
        state[block] = {name: _held(view, block, name, value) for name, value in held.items()}
    return state


def _held(view: View, block: str, name: str, value: JSONValue) -> Obj:
    _, node = element(view.body.get("blocks"), name, block)
    return {"type": node.get("type"), **_chosen(node, value)}


def _chosen(node: Obj, value: JSONValue) -> Obj:
    if isinstance(value, Mapping):
        return {key: inner for key, inner in value.items() if key != "type"}
    if value is None:
        return {}
    kind = string(node.get("type"))
    field = _FIELDS.get(kind, "value")
    return {field: _option(node, string(value)) if kind in _OPTIONS else value}


def _option(node: Obj, value: str) -> Obj:
    groups = [node, *dicts(node.get("option_groups"))]
    for group in groups:
        for option in dicts(group.get("options")):
            if option.get("value") == value:
                return option
    raise ControlError(f"{node.get('action_id')} has no option {value!r}")
