"""The world as JSON and back.

Pure.
"""

import json
from dataclasses import asdict

from bot.sandbox.state import Channel, Message, User, Usergroup, View, World


def dumped(world: World) -> str:
    """Write a world down as JSON."""
    return json.dumps(asdict(world), ensure_ascii=False)


def loaded(text: str) -> World:
    """Read what `dumped` wrote."""
    data = json.loads(text)
    data["users"] = {key: User(**user) for key, user in data["users"].items()}
    data["usergroups"] = {key: Usergroup(**group) for key, group in data["usergroups"].items()}
    data["homes"] = {key: View(**view) for key, view in data["homes"].items()}
    data["modals"] = {
        key: [View(**view) for view in stack] for key, stack in data["modals"].items()
    }
    for channel in data["channels"].values():
        channel["messages"] = [Message(**message) for message in channel["messages"]]
    data["channels"] = {key: Channel(**channel) for key, channel in data["channels"].items()}
    return World(**data)
