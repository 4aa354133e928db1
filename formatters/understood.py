"""What was understood of a post's header, and where each answer comes from.

Pure. For those who point the bot at a site: what it guesses is seen before it posts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from formatters import identity
from formatters.addresses import address
from formatters.document import Header, Post, Site
from formatters.header import read_header
from formatters.phrases import language_of
from formatters.read import read_post

ASKED = ("form", "title", "date", "zone", "kind", "language", "number", "url")
"""What the summary counts, in its order."""
_MUCH = 4_000  # characters of a post that tell its language


@dataclass(frozen=True, slots=True)
class Understood:
    """One post.

    Dates are ISO 8601 with their offset, a bare day where no time was written; "" or None is
    unknown. `unread` are a date's words that no calendar knows. `told` says of title, date, zone,
    kind, language, number and url where they come from: the key of a date; header, name, folder,
    title, categories, heading or text of the post; site; or "".
    """

    path: str
    form: str
    title: str
    date: str
    kind: str
    language: str
    number: int | None
    slug: str
    url: str
    draft: bool
    expires: str
    unread: str
    told: Mapping[str, str]

    def row(self) -> dict[str, object]:
        """As a JSON object, None for what is unknown."""
        names = ("path", "form", "title", "date", "kind", "language", "number", "slug", "url",
                 "draft", "expires", "unread")  # fmt: skip
        values = {name: getattr(self, name) for name in names}
        told = {name: where or None for name, where in self.told.items()}
        return {**{k: None if v == "" else v for k, v in values.items()}, "from": told}


def understood(text: str, *, path: str, site: Site) -> Understood:
    """Read a post and tell what its header, path and site were taken to say.

    Args:
        text: the file's text.
        path: the file below its source, POSIX.
        site: with a `language` of "" the text tells it where header and path do not.

    Raises:
        PostError: it cannot be read.
    """
    written, body, _ = read_header(text, path=path, site=site)
    post = read_post(text, path=path, site=site)
    header = post.header
    kind, by = identity.kind(header, path, post.number)
    language, spoken = identity.language(header, path, site)
    date = _moment(header.date, day=header.date_only)
    told = {
        "title": _where(written, post),
        "date": header.date_from,
        "zone": ("date" if header.zoned else "site") if date else "",
        "kind": by,
        "language": spoken if language else "text",
        "number": identity.number(header, path)[1],
        "url": address(header, path, site, post.number)[1],
    }
    return Understood(
        path=path,
        form=header.form,
        title=header.title,
        date=date,
        kind=kind.value,
        language=language or language_of(body[:_MUCH]),
        number=post.number,
        slug=header.slug or identity.name_of(path),
        url=post.url,
        draft=header.draft,
        expires=_moment(header.expires, day=False),
        unread=header.extra.get("date", ""),
        told=told,
    )


def summary(posts: Iterable[Understood]) -> dict[str, dict[str, int]]:
    """How often each answer came from where: what was asked -> `value (where)` -> posts."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ASKED}
    for post in posts:
        for name, answer in _answers(post).items():
            counts[name][answer] += 1
    return {
        name: dict(sorted(c.items(), key=lambda kv: (-kv[1], kv[0])))
        for name, c in counts.items()
    }


def _answers(post: Understood) -> Mapping[str, str]:
    told = {name: where or "none" for name, where in post.told.items()}
    if post.unread:
        told["date"] += " + unread words"
    named = {"kind": post.kind, "language": post.language}
    shown = {name: f"{value} ({told[name]})" for name, value in named.items()}
    return {**told, **shown, "form": post.form or "none"}


def _where(written: Header, post: Post) -> str:
    if written.title:
        return "header"
    return "heading" if post.header.title else ""


def _moment(at: datetime | None, *, day: bool) -> str:
    if at is None:
        return ""
    return f"{at:%Y-%m-%d}" if day else at.isoformat()
