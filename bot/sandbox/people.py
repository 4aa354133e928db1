"""Who may do what in front of the sandbox: look-ups that refuse in words.

Changes nothing.
"""

from bot.sandbox.call import Site
from bot.sandbox.errors import ControlError
from bot.sandbox.state import SLACKBOT, Channel, User, View


def person(site: Site, user: str) -> User:
    """A member who can act."""
    found = site.workspace.user(user)
    if found is None or found.deleted or found.is_bot or user == SLACKBOT:
        raise ControlError(f"nobody can act as {user!r}")
    return found


def reader(site: Site, user: str, channel: str) -> tuple[User, Channel]:
    """A person and a channel they can see."""
    who = person(site, user)
    found = site.workspace.channel(channel)
    if found is None or found not in site.workspace.visible(who.id):
        raise ControlError(f"{who.name} sees no channel {channel!r}")
    return who, found


def writer(site: Site, user: str, channel: str) -> tuple[User, Channel]:
    """A person and a channel they can write to."""
    who, where = reader(site, user, channel)
    if where.im_user and not site.app.messages_enabled:
        raise ControlError("sending messages to this app has been turned off")
    if where.is_archived:
        raise ControlError(f"#{where.name} is archived")
    if who.id not in where.members:
        raise ControlError(f"{who.name} is not a member of #{where.name}")
    return who, where


def open_view(site: Site, user: str, view_id: str) -> tuple[User, View]:
    """A person and one of their open modals, or their Home tab."""
    who = person(site, user)
    home = site.world.homes.get(who.id)
    views = [*site.world.modals.get(who.id, []), *([home] if home else [])]
    for view in views:
        if view.id == view_id:
            return who, view
    raise ControlError(f"{who.name} has no open view {view_id!r}")
