"""Windows over Slack: opened, changed, and closed with a word on what is wrong.

Pure: our windows in, views of Slack out. `/reference/views/modal-views`, docs.slack.dev, read 2026-08-20.
"""

from dataclasses import dataclass

from bot.model.people import Modal, Reply
from formatters.slack.blocks import plain_text
from formatters.slack.numbers import VIEW_TITLE


def view_of(modal: Modal) -> dict[str, object]:
    """The view of a window. What it sends back names the verb in `callback_id`."""
    view: dict[str, object] = {
        "type": "modal",
        "callback_id": f"digest.{modal.verb}",
        "private_metadata": modal.words,
        "title": plain_text(modal.title, VIEW_TITLE),
        "close": plain_text(modal.close, VIEW_TITLE),
        "blocks": list(modal.blocks),
    }
    if modal.submit:
        view["submit"] = plain_text(modal.submit, VIEW_TITLE)
    return view


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What is said to a form that was sent, in Slack's words; nothing said closes its window."""

    response_action: str | None = None
    errors: dict[str, str] | None = None
    view: dict[str, object] | None = None


def acknowledgement(reply: Reply) -> Acknowledgement:
    """An answer to a form: what is wrong in it, or another window in its place."""
    if reply.errors:
        return Acknowledgement("errors", errors=dict(reply.errors))
    if reply.modal is not None:
        return Acknowledgement("update", view=view_of(reply.modal))
    return Acknowledgement()
