"""Slack's mrkdwn as HTML, as Slack's clients draw it.

Pure: text in, escaped markup out. Syntax and escaping after docs.slack.dev
/messaging/formatting-message-text (read 2026-08-20). A mark only counts where its outer side
is a line's edge, white space or ASCII punctuation: Chinese letters and full-width punctuation
are no such boundary, so marks beside them stay visible, as they do in Slack.
"""

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.sandbox.emoji import emoji
from bot.sandbox.look import Look, link

# Full-width marks count too (yhatt/jsx-slack, docs/about-escape-and-exact-mode.md).
STRONG, EM = Markup("<strong>{}</strong>"), Markup("<em>{}</em>")
STRUCK = Markup("<s>{}</s>")
MARKS: Mapping[str, Markup] = {"*": STRONG, "＊": STRONG, "_": EM, "＿": EM, "~": STRUCK}
BOUNDARY = frozenset(string.whitespace + string.punctuation)
TOKEN = re.compile(
    r"(?P<code>`[^`\n]+`|｀[^｀\n]+｀)|(?P<angle><[^<>\n]+>)"
    r"|(?P<emoji>:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:)|(?P<mark>[*＊_＿~])"
)
# What Slack's clients find by themselves in text that is not `verbatim`.
BARE = re.compile(
    r"(?P<url>https?://[^\s<>\"，。；：！？、（）【】《》「」]+[^\s<>\"，。；：！？、（）【】《》「」.,;:!?)'\]])"
    r"|(?P<call>(?<![\w.])@(?:here|channel|everyone)\b)"
)
QUOTE = re.compile(r"^(?:&gt;|>|＞) ?")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def lines(text: str) -> Markup:
    """Escape plain text; a line end becomes a break, an empty line a gap."""
    gaps = escape(text).replace("\n\n", Markup('<span class="gap"></span>'))
    return gaps.replace("\n", Markup("<br>"))


def unescaped(text: str) -> str:
    """Undo Slack's three escapes."""
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text


def anchor(url: str, words: Markup) -> Markup:
    """Make a link, or the bare words with their URL if it may not be clicked."""
    if not link(url):
        return Markup('<span class="refused" title="{}">{}</span>').format(url, words)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        url.strip(), words
    )


def mention(words: str, *, me: bool = False) -> Markup:
    """Make a mention's pill."""
    return Markup('<span class="mention{}">{}</span>').format(" me" if me else "", words)


def emoticon(name: str, code: str = "") -> Markup:
    """Draw an emoji, its name as the tool tip."""
    return Markup('<span class="emoji" title=":{0}:">{1}</span>').format(
        name, emoji(name, code)
    )


@dataclass(frozen=True, slots=True)
class Mrkdwn:
    """Draws mrkdwn for one viewer. `verbatim` leaves bare URLs and @here as plain text."""

    look: Look
    verbatim: bool = False

    def html(self, text: str) -> Markup:
        """Draw a whole mrkdwn text: fenced code, quotes, lines."""
        parts = text.split("```")
        if len(parts) % 2 == 0:  # the last fence never closes: it is text
            parts[-2:] = ["```".join(parts[-2:])]
        out = Markup("")
        for index, part in enumerate(parts):
            if index % 2:
                out += Markup('<pre class="code">{}</pre>').format(unescaped(part.strip("\n")))
            elif part.strip("\n"):
                out += self._quotes(part.strip("\n") if len(parts) > 1 else part)
        return out

    def _quotes(self, text: str) -> Markup:
        runs: list[tuple[bool, list[str]]] = []
        for line in text.split("\n"):
            quoted = QUOTE.match(line) is not None
            if not runs or runs[-1][0] != quoted:
                runs.append((quoted, []))
            runs[-1][1].append(QUOTE.sub("", line) if quoted else line)
        out = Markup("")
        for quoted, rows in runs:
            body = self.inline("\n".join(rows))
            out += Markup("<blockquote>{}</blockquote>").format(body) if quoted else body
        return out

    def inline(self, text: str) -> Markup:
        """Draw one run without blocks."""
        out, done, at = Markup(""), 0, 0
        while match := TOKEN.search(text, at):
            at = match.end()
            drawn, end = self._token(text, match)
            if drawn is not None:
                out += self._plain(text[done : match.start()]) + drawn
                done = at = end
        return out + self._plain(text[done:])

    def _token(self, text: str, match: re.Match[str]) -> tuple[Markup | None, int]:
        whole = match[0]
        match match.lastgroup:
            case "code":
                return Markup("<code>{}</code>").format(unescaped(whole[1:-1])), match.end()
            case "angle":
                return self._angle(whole[1:-1]), match.end()
            case "emoji":
                return emoticon(whole[1:-1]), match.end()
            case _:
                return self._emphasis(text, match.start())

    def _emphasis(self, text: str, start: int) -> tuple[Markup | None, int]:
        end = _closing(text, start) if _opens(text, start) else None
        if end is None:
            return None, start
        inner = self.inline(text[start + 1 : end])
        return MARKS[text[start]].format(inner), end + 1

    def _angle(self, body: str) -> Markup:
        target, _, label = body.partition("|")
        for prefix, draw in _MENTIONS.items():
            if target.startswith(prefix):
                return draw(self.look, target.removeprefix(prefix), unescaped(label))
        url = unescaped(target)
        return anchor(url, lines(unescaped(label) or url.removeprefix("mailto:")))

    def _plain(self, text: str) -> Markup:
        text = unescaped(text)
        if self.verbatim:
            return lines(text)
        out, done = Markup(""), 0
        for match in BARE.finditer(text):
            found = match[0]
            drawn = anchor(found, escape(found)) if match["url"] else mention(found)
            out += lines(text[done : match.start()]) + drawn
            done = match.end()
        return out + lines(text[done:])


def _opens(text: str, at: int) -> bool:
    outer = at == 0 or text[at - 1] in BOUNDARY
    return outer and at + 1 < len(text) and not text[at + 1].isspace()


def _closing(text: str, start: int) -> int | None:
    """Find the mark that closes the one at `start`, on its own line, past code and links."""
    at = start + 1
    while match := TOKEN.search(text, at):
        at = match.end()
        if "\n" in text[start : match.start()]:
            return None
        if match[0] == text[start] and _closes(text, start, match.start()):
            return match.start()
    return None


def _closes(text: str, start: int, at: int) -> bool:
    outer = at + 1 == len(text) or text[at + 1] in BOUNDARY
    return outer and at > start + 1 and not text[at - 1].isspace()


def _user(look: Look, target: str, label: str) -> Markup:
    return mention("@" + look.users.get(target, label or target), me=target == look.user)


def _channel(look: Look, target: str, label: str) -> Markup:
    name = look.channels.get(target, label)
    return mention(f"#{name}" if name else look.say("private"))


def _group(look: Look, target: str, label: str) -> Markup:
    return mention("@" + look.groups.get(target, label.lstrip("@") or target))


def _date(look: Look, target: str, label: str) -> Markup:
    ts, template, url = [*target.split("^", 2), "", ""][:3]
    try:
        words = look.date(ts, template)
    except ValueError:
        words = label
    return anchor(url, escape(words)) if url else Markup("<time>{}</time>").format(words)


def _call(_look: Look, target: str, _label: str) -> Markup:
    return mention("@" + target)


_MENTIONS: Mapping[str, Callable[[Look, str, str], Markup]] = {
    "@": _user,
    "#": _channel,
    "!subteam^": _group,
    "!date^": _date,
    "!": _call,
}
