"""Who is here: auth, team, users, groups, bots, emoji. /reference/methods (read 2026-08-20).

Handlers only.
"""

from collections.abc import Iterable

from bot.sandbox.call import Call, Method
from bot.sandbox.content import slack_faults
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.shapes import JSONValue, Obj, objs
from bot.sandbox.shown import user_json
from bot.sandbox.state import User, Usergroup
from formatters.slack.limits import Fault, faults

_VALIDATED = 100_000  # characters of an argument, /reference/methods/blocks.validate


def _api_test(call: Call) -> Obj:
    if error := call.text("error"):
        raise SlackError(error)
    return {"args": dict(call.args)}


def _auth_test(call: Call) -> Obj:
    world = call.site.world
    return {
        "url": f"{call.site.url}/",
        "team": world.team_name,
        "team_id": world.team_id,
        "user": world.users[call.me].name,
        "user_id": call.me,
        "bot_id": call.site.app.bot_id,
        "is_enterprise_install": False,
    }


def _auth_revoke(call: Call) -> Obj:
    revoked = not call.flag("test")
    if revoked and call.grant:
        call.grant.state = "token_revoked"
        call.workspace.happen("tokens_revoked", tokens={"oauth": [], "bot": [call.me]})
    return {"revoked": revoked}


def _connections_open(call: Call) -> Obj:
    return {"url": call.site.open_socket()}


def _team_info(call: Call) -> Obj:
    world = call.site.world
    domain = world.team_name.split()[0].lower()
    return {"team": {"id": world.team_id, "name": world.team_name, "domain": domain}}


def _bots_info(call: Call) -> Obj:
    app = call.site.app
    if call.text("bot") not in ("", app.bot_id):
        raise SlackError("bot_not_found")
    name = call.site.world.users[call.me].name
    return {
        "bot": {
            "id": app.bot_id,
            "app_id": app.id,
            "user_id": call.me,
            "name": name,
            "deleted": False,
        }
    }


def _user(call: Call, user: User) -> Obj:
    return user_json(call.site, user, locale=call.flag("include_locale"))


def _users_info(call: Call) -> Obj:
    return {"user": _user(call, call.user())}


def _users_list(call: Call) -> Obj:
    people = list(call.site.world.users.values())
    page, metadata = call.page(people, len(people), 1000)
    return {"members": [_user(call, user) for user in page], "response_metadata": metadata}


def _by_email(call: Call) -> Obj:
    wanted = call.text("email").lower()
    for user in call.site.world.users.values():
        if user.email and user.email == wanted:
            return {"user": _user(call, user)}
    raise SlackError("users_not_found")


def _group(group: Usergroup, team: str, *, users: bool) -> Obj:
    shown: Obj = {
        "id": group.id,
        "team_id": team,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "user_count": len(group.users),
    }
    return shown | ({"users": list(group.users)} if users else {})


def _groups(call: Call) -> Obj:
    users = call.flag("include_users")
    groups = call.site.world.usergroups.values()
    team = call.site.world.team_id
    return {"usergroups": [_group(group, team, users=users) for group in groups]}


def _group_users(call: Call) -> Obj:
    group = call.site.world.usergroups.get(call.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


def _emoji(call: Call) -> Obj:
    return {"emoji": {}, "cache_ts": call.workspace.next_ts()}


def _validate(call: Call) -> Obj:
    """Blocks, a message or a view, exactly one of them; needs no token."""
    given = [name for name in ("blocks", "message", "view") if call.has(name)]
    if len(given) != 1:
        raise invalid_arguments("exactly one of blocks, message, view is needed")
    name = given[0]
    if len(call.text(name)) > _VALIDATED:
        raise invalid_arguments(f"must be shorter [json-pointer:/{name}]")
    value = call.data(name, f"invalid_{name}")
    if found := list(_found(name, value)):
        raise SlackError(f"invalid_{name}", errors=[_told(fault) for fault in found])
    return {}


def _found(name: str, value: JSONValue) -> Iterable[Fault]:
    if name == "blocks":
        return slack_faults(value)
    blocks = objs(value.get("blocks")) if isinstance(value, dict) else []
    if name == "message":
        return slack_faults(blocks)
    home = isinstance(value, dict) and value.get("type") == "home"
    return faults(blocks, surface="home" if home else "modal")


def _told(fault: Fault) -> Obj:
    return {"code": "failed_constraint", "message": fault.message, "pointer": fault.pointer}


METHODS = (
    Method("api.test", _api_test, "", "4", "error", caller="none"),
    Method("blocks.validate", _validate, "", "special", "blocks message view", caller="none"),
    Method("auth.test", _auth_test, "", "special", ""),
    Method("auth.revoke", _auth_revoke, "", "3", "test"),
    Method(
        "apps.connections.open", _connections_open, "connections:write", "3", "", caller="app"
    ),
    Method("team.info", _team_info, "team:read", "3", "team"),
    Method("bots.info", _bots_info, "users:read", "3", "bot team_id"),
    Method("users.info", _users_info, "users:read", "4", "user* include_locale"),
    Method("users.list", _users_list, "users:read", "2", "limit cursor include_locale team_id"),
    Method("users.lookupByEmail", _by_email, "users:read.email", "3", "email*"),
    Method("usergroups.list", _groups, "usergroups:read", "2", "include_users"),
    Method("usergroups.users.list", _group_users, "usergroups:read", "2", "usergroup*"),
    Method("emoji.list", _emoji, "emoji:read", "2", ""),
)
