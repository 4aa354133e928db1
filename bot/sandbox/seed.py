"""The invented community of the sandbox: Lanternfish, 灯笼鱼. No real person or project.

Only data.
"""

from dataclasses import dataclass

from bot.sandbox.state import SLACKBOT, Channel, User, Usergroup, World

BOT = "U0DIGESTB"
_ADA, _LIN, _MEI, _NOOR = "U00000ADA", "U00000LIN", "U00000MEI", "U0000NOOR"
_PEOPLE = [_ADA, _LIN, _MEI, _NOOR]


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command of the app. `escape` turns @name and #channel into ids, as the manifest says."""

    name: str
    hint: str
    description: str
    escape: bool = True


@dataclass(slots=True)
class App:
    """The app as its manifest has it: what it may do and what it is told of.

    A test keeps it the same as the manifest that is shipped, so that a scope or an event that
    is missing there is missed here.
    """

    id: str = "A00DIGEST"
    bot_id: str = "B00DIGEST"
    commands: tuple[SlashCommand, ...] = (
        SlashCommand(
            "/digest",
            "[latest | issue N | list | search WORDS | meetups | help]",
            "The community's digest",
        ),
    )
    events: frozenset[str] = frozenset(
        {
            "app_home_opened",
            "app_mention",
            "channel_unarchive",
            "group_unarchive",
            "member_joined_channel",
        }
    )
    scopes: frozenset[str] = frozenset(
        {
            "app_mentions:read",
            "channels:history",
            "channels:join",
            "channels:read",
            "chat:write",
            "commands",
            "groups:history",
            "groups:read",
            "im:history",
            "im:write",
            "usergroups:read",
            "users:read",
        }
    )
    home_enabled: bool = True
    messages_enabled: bool = True


def neighbour(number: int) -> World:
    """Another workspace, small, in which nothing is installed yet."""
    bot, user = f"U0BOT{number:04}", f"U0PAT{number:04}"
    users = [
        User(user, "pat", f"Pat Stone {number}", is_admin=True),
        User(bot, "digestbot", "digestbot", is_bot=True),
    ]
    channels = [
        Channel(f"C0NEWS{number:04}", "news", [user]),
        Channel(f"C0SHUT{number:04}", "shut", [user], is_private=True),
    ]
    return World(
        f"T0NEXT{number:04}",
        f"Neighbour {number}",
        bot,
        {one.id: one for one in users},
        {one.id: one for one in channels},
    )


def lanternfish() -> World:
    """The workspace as it is before anything happened."""
    users = [
        User(_ADA, "ada", "Ada Varga", "America/New_York", "en-US", email="ada@example.org"),
        User(_LIN, "lin", "林一帆", "Asia/Shanghai", "zh-CN", email="lin@example.org"),
        User(_MEI, "mei", "梅若溪", "Asia/Shanghai", "zh-CN", True, email="mei@example.org"),  # noqa: FBT003 -- a row of a table
        User(_NOOR, "noor", "Noor Haddad", "Europe/London", "en-GB", True),  # noqa: FBT003 -- a row of a table
        User(BOT, "digestbot", "digestbot", is_bot=True),
        User(SLACKBOT, "slackbot", "Slackbot"),
    ]
    channels = [
        Channel("C00WEEKLY", "weekly", [*_PEOPLE, BOT], topic="The weekly digest · 每周一期"),
        Channel("C0GENERAL", "general", [*_PEOPLE, BOT], topic="Everything else"),
        Channel("C000000ZH", "zh", [*_PEOPLE, BOT], topic="中文讨论", locale="zh-CN"),
        Channel(
            "C0MAINTAI",
            "maintainers",
            [_MEI, _NOOR, BOT],
            is_private=True,
            topic="Behind the scenes",
        ),
        Channel("C00000OLD", "old", [*_PEOPLE], is_archived=True, topic="Closed long ago"),
    ]
    return World(
        "T0LANTERN",
        "Lanternfish 灯笼鱼",
        BOT,
        {user.id: user for user in users},
        {channel.id: channel for channel in channels},
        {"S0MAINTAI": Usergroup("S0MAINTAI", "maintainers", "Maintainers", [_MEI, _NOOR])},
    )
