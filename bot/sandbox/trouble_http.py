"""Trouble over HTTP: what moderators, admins and Slack itself do, and a port that is shut.

Part of the control API; hands on what `admin` and `door` do.
"""

from collections.abc import Callable, Mapping

from bot.sandbox.admin import Admin
from bot.sandbox.door import Door
from bot.sandbox.errors import ControlError
from bot.sandbox.shapes import JSONValue, objs, string

Body = Mapping[str, JSONValue]
Order = Callable[[Body], None]


def orders(admin: Admin, door: Door) -> Mapping[str, tuple[str, Order]]:
    """What can be done: name -> its fields (required ones with a star) and the deed."""

    def on_channel(deed: Callable[[str], None]) -> Order:
        return lambda body: deed(string(body["channel"]))

    def to_member(deed: Callable[[str, str], None]) -> Order:
        return lambda body: deed(string(body["channel"]), string(body.get("user")))

    def to_message(body: Body) -> tuple[str, str]:
        return string(body["channel"]), string(body["ts"])

    return {
        "invite": ("channel* user", to_member(admin.invite)),
        "kick": ("channel* user", to_member(admin.kick)),
        "archive": ("channel*", on_channel(admin.archive)),
        "unarchive": (
            "channel*",
            on_channel(lambda channel: admin.archive(channel, undo=True)),
        ),
        "make_private": ("channel*", on_channel(admin.make_private)),
        "delete_channel": ("channel*", on_channel(admin.remove)),
        "rename": (
            "channel* name*",
            lambda body: admin.rename(string(body["channel"]), string(body["name"])),
        ),
        "edit": (
            "channel* ts* text*",
            lambda body: admin.edit(*to_message(body), string(body["text"])),
        ),
        "delete": ("channel* ts*", lambda body: admin.delete(*to_message(body))),
        "deactivate": ("user*", lambda body: admin.deactivate(string(body["user"]))),
        "spoil_token": ("state", lambda body: admin.spoil_token(string(body.get("state")))),
        "grant": (
            "scopes*",
            lambda body: admin.grant(string(scope) for scope in objs(body["scopes"])),
        ),
        "refuse": ("ms*", lambda body: door.shut_for(_seconds(body["ms"]))),
    }


def _seconds(ms: JSONValue) -> float:
    """Milliseconds as they come in JSON."""
    if not isinstance(ms, int) or ms is True or ms < 0:
        raise ControlError(f"ms must be a whole number of milliseconds, not {ms!r}")
    return ms / 1000
