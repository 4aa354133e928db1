"""What stands around an issue: its title, small print, a community's own header and footer, buttons.

Pure. Nothing is said here that the issue says itself.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from formatters.document import Post, Section, SectionKind, Span
from formatters.highlights import clean
from formatters.html import to_document
from formatters.markdown import to_html
from formatters.message import Block, Style
from formatters.phrases import words
from formatters.slack import blocks, numbers
from formatters.slack.blocks import Button
from formatters.slack.cut import shortened
from formatters.slack.limits import faults, json_size, weight
from formatters.slack.nodes import Words, pieces
from formatters.slack.pieces import Bullet, Piece, Quoted, Text, Whole, assemble
from formatters.slack.spans import can_show, plain, runs, visible
from formatters.templates import Address
from formatters.wording import Place, Voice

_AUTHORS_CHARS = 200
_HEADING_CHARS = 80
_FIRST = 12  # pieces of an issue that are read at once
# What a community adds may not push the issue itself away.
_MOST_WEIGHT = 1_500
_MOST_JSON = 3_000

_DIGIT = re.compile(r"\d")
_DATE = re.compile(
    r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<zm>\d{1,2})\s*月\s*(?P<zd>\d{1,2})\s*[日号]"
    r"|\b(?P<em>[A-Z][a-z]{2})[a-z]*\.?\s+(?P<ed>\d{1,2})\b"
    r"|\b(?P<bd>\d{1,2})\s+(?P<bm>[A-Z][a-z]{2})"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A post as it is to be framed: the sections chosen, the style, and who speaks."""

    post: Post
    chosen: tuple[Section, ...]
    style: Style
    voice: Voice

    @property
    def title(self) -> str:
        """The title on one line, or words for a post without one."""
        title = " ".join(visible(self.post.header.title).split())
        if title:
            return title
        if self.post.number is not None:
            return self.voice.say("card.issue", number=self.post.number)
        return self.voice.say("card.untitled")

    @property
    def words(self) -> Words:
        """Words that pieces of a post are made with."""
        say = self.voice.say
        return Words(picture=say("picture.nameless"), target=say("picture.target"))

    def continued(self, heading: str) -> Block:
        """Small print above a message that goes on with a section."""
        named = shortened(clean(heading) or self.title, _HEADING_CHARS)
        return blocks.context(self.voice.say("part.continued", title=named), plain=True)


def head(frame: Frame, body: Sequence[Piece]) -> Iterator[Piece]:
    """Title, cover, small print and header, above `body`; () where none of it follows."""
    post, title = frame.post, frame.title
    yield Whole(blocks.header(title), opens=True)
    if len(title) > numbers.HEADER_TEXT.most:
        yield Text((Span(title, bold=True),))
    shown = {piece.block.get("image_url") for piece in body if isinstance(piece, Whole)}
    if can_show(post.header.cover) and post.header.cover not in shown:
        yield Whole(blocks.image(post.header.cover, alt=frame.voice.say("picture.cover")))
    if small_print := _small_print(frame, body):
        yield Whole(blocks.context(small_print, plain=True))
    yield from template(frame, "header")


def starts_with_title(frame: Frame, body: Sequence[Piece]) -> bool:
    """Whether an issue's own first heading is its title."""
    return bool(body) and body[0] == Whole(blocks.header(frame.title), opens=True)


def texts(body: Iterable[Piece]) -> Iterator[str]:
    """The words of pieces, code and whole blocks left out."""
    return (plain(p.runs) for p in body if isinstance(p, Text | Bullet | Quoted))


def actions(frame: Frame) -> tuple[Block, ...]:
    """What a reader can do with a post; a full one is long enough for its page alone."""
    say, post = frame.voice.say, frame.post
    found = []
    if can_show(post.url):
        key = "card.page" if frame.style is Style.FULL else "card.read"
        found.append(Button(say(key), "digest.url.read", url=post.url, style="primary"))
    if frame.style is not Style.FULL:
        found.append(Button(say("card.list"), "digest.list.page"))
        found.append(Button(say("card.meetups"), "digest.meetups.show"))
    return (blocks.buttons(*found),) if found else ()


# ------------------------------------------------------------------ small print


def _small_print(frame: Frame, body: Sequence[Piece]) -> str:
    """Number, date and authors, as far as title and text below do not say them."""
    post, say = frame.post, frame.voice.say
    parts: list[str] = []
    if post.number is not None and not _says(post.header.title, post.number):
        parts.append(say("card.issue", number=post.number))
    day = post.header.date
    told = (post.header.title, *texts(body[:_FIRST])) if body else ()
    if day and not _tells(day, told):
        parts.append(_day(day, frame.voice, "card.small_date"))
    if authors := [name for name in map(visible, post.header.authors) if _is_new(name, told)]:
        names = shortened(say("card.between").join(authors), _AUTHORS_CHARS)
        parts.append(say("card.by", authors=names))
    return " · ".join(parts)


def _day(day: date, voice: Voice, key: str) -> str:
    month = voice.say(f"month.{day.month}")
    return voice.say(key, year=day.year, month=month, day=day.day)


def _is_new(name: str, told: Sequence[str]) -> bool:
    # Chinese has no gaps between words; "Al" is not in "Also" all the same.
    name = name.strip()
    near = [
        text for text in told if name in text
    ]  # a pattern is slow to make, and seldom needed
    pattern = rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])"
    return bool(name) and not any(re.search(pattern, text) for text in near)


def _says(title: str, number: int) -> bool:
    return str(number) in re.findall(r"\d+", title)


def _tells(day: date, said: Iterable[str]) -> bool:
    """Whether one of the texts names this day, with or without its year."""
    month = words("en", f"month.{day.month}")[:3]
    full, short = (day.year, day.month, day.day), (day.month, day.day)
    for text in filter(_DIGIT.search, said):
        for found in _DATE.finditer(text):
            y, m, d, zm, zd, em, ed, bd, bm = found.groups()
            if em or bm:
                is_day = (em or bm, int(ed or bd)) == (month, day.day)
            else:
                is_day = (int(zm), int(zd)) == short if zm else (int(y), int(m), int(d)) == full
            if is_day:
                return True
    return False


# ------------------------------------------------------------------ a community's own words


def template(frame: Frame, place: Place) -> tuple[Piece, ...]:
    """What a community writes at a place; () where it writes nothing or what does not fit."""
    voice = frame.voice
    if not voice.has(place):
        return ()
    written = voice.markdown(place, _values(frame))
    nodes, _ = to_document(to_html(written), base_url="", post_url=frame.post.url)
    made = pieces((Section(SectionKind.OTHER, (), 0, nodes),), frame.words)
    shown = assemble(made)
    if any(block["type"] == "table" for block in shown):
        voice.refuse(place, "a table has no place there")
        return ()
    if faults(shown) or weight(shown) > _MOST_WEIGHT or json_size(shown) > _MOST_JSON:
        voice.refuse(place, "is too long; the issue itself would have no room")
        return ()
    return made


def _values(frame: Frame) -> dict[str, object]:
    """What templates may fill in: the names of `wording.FULL`."""
    post, header = frame.post, frame.post.header
    day = header.date
    return {
        "title": frame.title,
        "number": post.number,
        "date": _day(day, frame.voice, "card.date") if day else "",
        "year": day.year if day else None,
        "month": day.month if day else None,
        "day": day.day if day else None,
        "url": Address(post.url),
        "authors": header.authors,
        "description": header.description,
        "tags": header.tags,
        "sections": tuple(filter(None, (plain(runs(s.title)) for s in frame.chosen))),
        "site": frame.voice.site,
        "language": frame.voice.language,
        "style": frame.style.value,
    }
