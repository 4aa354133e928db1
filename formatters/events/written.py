"""What an event is called and where it is, in the script that its page is written in.

Pure. Words are looked for in simplified Chinese; people read what the author wrote.
"""

from collections.abc import Sequence
from dataclasses import replace

from formatters.document import Post
from formatters.events.facts import Event
from formatters.events.lines import Place, spaced
from formatters.moments import simplified
from formatters.sections import plain


class AsWritten:
    """The words of a page as they were before they were simplified."""

    def __init__(self, post: Post, stands: Sequence[Place]) -> None:
        titles = (post.header.title, *(plain(section.title) for section in post.sections))
        lines = (line.written for place in stands for line in place.lines)
        text = "\n".join((*map(spaced, titles), *lines))
        folded = simplified(text)
        self._text, self._folded = ("", "") if text == folded else (text, folded)

    def event(self, event: Event) -> Event:
        """An event with its words as the author wrote them."""
        if not self._text:
            return event
        return replace(
            event,
            title=self._word(event.title),
            place=self._word(event.place),
            phrase=self._word(event.phrase),
            speakers=self._word(event.speakers),
            conflict=self._word(event.conflict),
        )

    def _word(self, text: str) -> str:
        stem = text.removesuffix("…")
        at = self._folded.find(stem) if stem else -1
        return text if at < 0 else self._text[at : at + len(stem)] + text[len(stem) :]
