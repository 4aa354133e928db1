"""People, what they ask for, and what they are answered. Only data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model.ids import ChannelId, UserId
from formatters.message import Block, Message


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `language` is `en` or `zh`, `zone` an IANA name."""

    id: UserId
    language: str
    zone: str
    maintainer: bool


@dataclass(frozen=True, slots=True)
class Command:
    """What a person typed or clicked. `words` is the rest after the verb, as written.

    `nonce` is the same when Slack delivers the same click twice. `fields` is what was filled in
    in a window, by the names of its fields; "" for what was left empty.
    """

    verb: str
    words: str
    person: Person
    channel: ChannelId
    nonce: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Modal:
    """A window over the chat, with a form if it has `submit`, the word that sends it.

    What was filled in comes back as the command `verb` with `words`; the fields are the input
    blocks, named by their block_id. `title`, `submit` and `close` have at most 24 characters.
    """

    title: str
    blocks: tuple[Block, ...]
    close: str
    submit: str = ""
    verb: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What only the asker sees, in order; `replace` puts it where the clicked message was.

    `wake` tells that delivery rows were written and should go out now. With a `modal` the
    messages are only for where no window can be opened. `errors` says what is wrong with a form,
    field by field; then it stays open.
    """

    messages: tuple[Message, ...]
    replace: bool = False
    wake: bool = False
    modal: Modal | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
