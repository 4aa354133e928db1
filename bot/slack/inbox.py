"""What people type and click, as commands.

Pure: payloads of Slack in, `Command` out. Bodies of Bolt do not travel beyond here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model.ids import ChannelId, UserId
from bot.model.people import Command, Person

MENTION = re.compile(r"<([#@][A-Z0-9]+)(?:\|[^>]*)?>")
UNFIT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
"""Signs that no database takes, and nobody types."""
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
STRAIGHT = str.maketrans("“”„‘’«»", '"""\'\'""')
"""Phones and desktops curl quotes by themselves; nobody means them."""
BUTTON = re.compile(r"digest\.([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Click:
    """A person's word, before it is known who the person is.

    `ephemeral` tells that the clicked message was seen by this person only. `trigger` opens a
    window within 3 s; `view` is the window that was clicked in. `fields` is what was filled in.
    """

    verb: str
    words: str
    user: UserId
    channel: ChannelId
    nonce: str
    response_url: str
    on_home: bool = False
    ephemeral: bool = False
    trigger: str = ""
    view: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def by(self, person: Person) -> Command:
        """The command of a known person."""
        return Command(
            self.verb, self.words, person, self.channel, self.nonce, fields=self.fields
        )


def typed(body: Mapping[str, object]) -> Click:
    """Read a slash command's payload.

    `verb` is the first word in lower case ("" for a bare command), mentions are `<#C123>`.
    """
    verb, words = split(text_of(body, "text"))
    return Click(
        verb=verb,
        words=words,
        user=UserId(text_of(body, "user_id")),
        channel=ChannelId(text_of(body, "channel_id")),
        nonce=text_of(body, "trigger_id"),
        response_url=text_of(body, "response_url"),
        trigger=text_of(body, "trigger_id"),
    )


def split(text: str) -> tuple[str, str]:
    """First word and the rest of a typed line, cleaned of what keyboards and Slack add."""
    plain = MENTION.sub(r"<\1>", text).translate(INVISIBLE).translate(STRAIGHT)
    words = unescape_slack(plain).split()
    return (words[0].lower(), " ".join(words[1:])) if words else ("", "")


def unescape_slack(text: str) -> str:
    """Undo the three escapes of Slack (`/messaging/formatting-message-text`, 2026-08-20)."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clicked(body: Mapping[str, object], action: Mapping[str, object]) -> Click | None:
    """Read a block action: `action_id` is `digest.<verb>...`, `value` the words.

    Returns:
        None for a button that is none of ours, such as one that only opens a page.
    """
    match = BUTTON.match(text_of(action, "action_id"))
    if match is None or match[1] == "url":
        return None
    container, view = part_of(body, "container"), part_of(body, "view")
    user = text_of(part_of(body, "user"), "id")
    return Click(
        verb=match[1],
        words=value_of(action),
        user=UserId(user),
        channel=ChannelId(text_of(part_of(body, "channel"), "id")),
        nonce=nonce_of(user, container, action),
        response_url=text_of(body, "response_url"),
        on_home=text_of(view, "type") == "home",
        ephemeral=container.get("is_ephemeral") is True,
        trigger=text_of(body, "trigger_id"),
        view=text_of(view, "id") if text_of(view, "type") == "modal" else "",
    )


def submitted(body: Mapping[str, object]) -> Click | None:
    """Read a form that was sent: its window's callback_id is `digest.<verb>`.

    Returns:
        None for a window that is none of ours.
    """
    view = part_of(body, "view")
    match = BUTTON.match(text_of(view, "callback_id"))
    if match is None:
        return None
    values = part_of(part_of(view, "state"), "values")
    filled = {name: part_of(part_of(values, name), name) for name in values}
    return Click(
        verb=match[1],
        words=text_of(view, "private_metadata"),
        user=UserId(text_of(part_of(body, "user"), "id")),
        channel=ChannelId(""),
        nonce=text_of(view, "id"),
        response_url="",
        view=text_of(view, "id"),
        fields={name: value_of(element) for name, element in filled.items()},
    )


def nonce_of(user: str, container: Mapping[str, object], action: Mapping[str, object]) -> str:
    """The same for both halves of a double click: person, message and button, not the moment."""
    message = text_of(container, "message_ts") or text_of(action, "action_ts")
    return f"{user}.{message}.{text_of(action, 'action_id')}.{value_of(action)}"


def value_of(action: Mapping[str, object]) -> str:
    """What a button, a select or a text field says."""
    option = part_of(action, "selected_option")
    said = (text_of(action, name) for name in ("value", "selected_date", "selected_time"))
    return (next(filter(None, said), "") or text_of(option, "value")).strip()


def text_of(body: Mapping[str, object], key: str) -> str:
    """A string of a payload, "" if it is missing or something else; without unfit signs."""
    value = body.get(key)
    return UNFIT.sub("", value) if isinstance(value, str) else ""


def part_of(body: Mapping[str, object], key: str) -> Mapping[str, object]:
    """An object of a payload, {} if it is missing or something else."""
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}
