"""views.*: modals and the Home tab. /surfaces/modals, /surfaces/app-home (read 2026-08-20).

The handlers, and the stack of open modals that answers to submissions change too.
"""

import hashlib
import json

from bot.sandbox.call import Call, Method, Site
from bot.sandbox.content import with_ids
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.shapes import JSONValue, Obj, dicts, obj, plain, string
from bot.sandbox.shown import view_json
from bot.sandbox.state import View
from formatters.slack.limits import Surface, faults

_STACK = 3  # views on top of each other, /surfaces/modals
_SIZE = 250_000  # bytes of a view, /surfaces/modals
# /reference/views/modal-views (read 2026-08-20)
_WORDS = {"title": 24, "submit": 24, "close": 24}
_STRINGS = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}


def checked(value: JSONValue, surface: Surface) -> Obj:
    """A view as the app sent it, refused if it breaks a rule of views."""
    view = obj(value)
    if view.get("type") != surface:
        raise invalid_arguments(f"must be a {surface} view [json-pointer:/view/type]")
    if len(json.dumps(view, ensure_ascii=False).encode()) > _SIZE:
        raise SlackError("view_too_large")
    found = [*_long(view), *_absent(view, surface)]
    found += [
        f"{fault.message} [json-pointer:/view{fault.pointer}]"
        for fault in faults(view.get("blocks"), surface=surface)
    ]
    if found:
        raise invalid_arguments(*found)
    return {**view, "blocks": list(with_ids(dicts(view.get("blocks"))))}


def _long(view: Obj) -> list[str]:
    sizes = {name: (plain(view.get(name)), most) for name, most in _WORDS.items()}
    sizes |= {name: (string(view.get(name)), most) for name, most in _STRINGS.items()}
    return [
        f"must be less than {most + 1} characters [json-pointer:/view/{name}]"
        for name, (words, most) in sizes.items()
        if len(words) > most
    ]


def _absent(view: Obj, surface: Surface) -> list[str]:
    if surface == "home":
        return []
    missing = [] if plain(view.get("title")) else ["title"]
    if any(b.get("type") == "input" for b in dicts(view.get("blocks"))):
        missing += [] if plain(view.get("submit")) else ["submit"]
    return [f"missing required field: {name} [json-pointer:/view]" for name in missing]


def push(site: Site, user: str, body: Obj, previous: View | None) -> View:
    """Put a checked view on top of a person's modals."""
    stack = site.world.modals.setdefault(user, [])
    external = string(body.get("external_id"))
    if external and any(v.body.get("external_id") == external for v in _all(site)):
        raise SlackError("duplicate_external_id")
    key = site.workspace.mint("V")
    root = (previous.root or previous.id) if previous else ""
    view = View(key, user, body, _hash(site, body), root, previous.id if previous else "")
    stack.append(view)
    site.workspace.notices.tell("view", user, view.id)
    return view


def replace(site: Site, view: View, body: Obj) -> None:
    """Change a view in place; what was typed stays where block and action ids stay."""
    view.body, view.hash = body, _hash(site, body)
    site.workspace.notices.tell("view", view.user, view.id)


def _hash(site: Site, body: Obj) -> str:
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return f"{site.workspace.next_ts()}.{digest[:8]}"


def _all(site: Site) -> list[View]:
    return [view for stack in site.world.modals.values() for view in stack]


def _body(call: Call, surface: Surface = "modal") -> Obj:
    return checked(call.data("view", "invalid_arguments"), surface)


def _open(call: Call) -> Obj:
    trigger = call.site.triggers.exchange(call.text("trigger_id"), call.workspace.now())
    body = _body(call)
    call.site.world.modals[trigger.user] = []
    return {"view": view_json(call.site, push(call.site, trigger.user, body, None))}


def _push(call: Call) -> Obj:
    trigger = call.site.triggers.exchange(call.text("trigger_id"), call.workspace.now())
    stack = call.site.world.modals.get(trigger.user, [])
    if not trigger.view or not stack:
        raise SlackError("invalid_trigger_id")
    if len(stack) >= _STACK:
        raise SlackError("push_limit_reached")
    return {"view": view_json(call.site, push(call.site, trigger.user, _body(call), stack[-1]))}


def _update(call: Call) -> Obj:
    name = "view_id" if call.has("view_id") else "external_id"
    for view in _all(call.site):
        known = view.id if name == "view_id" else view.body.get("external_id")
        if known and known == call.text(name):
            _check_hash(call, view)
            replace(call.site, view, _body(call))
            return {"view": view_json(call.site, view)}
    raise SlackError("not_found")


def _publish(call: Call) -> Obj:
    if not call.site.app.home_enabled:
        raise SlackError("not_enabled")
    user, body = call.user("user_id"), _body(call, "home")
    home = call.site.world.homes.get(user.id)
    if home:
        _check_hash(call, home)
    key = home.id if home else call.workspace.mint("V")
    home = View(key, user.id, body, _hash(call.site, body))
    call.site.world.homes[user.id] = home
    call.workspace.notices.tell("home", user.id)
    return {"view": view_json(call.site, home)}


def _check_hash(call: Call, view: View) -> None:
    if call.text("hash") not in ("", view.hash):
        raise SlackError("hash_conflict")


METHODS = (
    Method("views.open", _open, "", "4", "trigger_id* view*"),
    Method("views.push", _push, "", "4", "trigger_id* view*"),
    Method("views.update", _update, "", "4", "view* view_id external_id hash"),
    Method("views.publish", _publish, "", "4", "user_id* view* hash"),
)
