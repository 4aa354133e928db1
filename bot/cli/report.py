"""`digestbot lint --all`: what is understood of a whole history, post by post and in sum."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import click

from bot.cli.files import Bad
from bot.cli.found import File
from bot.cli.words import plain, progress
from formatters.addresses import Asked
from formatters.document import Header, PostError, Site
from formatters.identity import no_post
from formatters.phrases import words
from formatters.understood import Understood, summary, understood

_WIDTH = 12  # columns of the summary's first part


@dataclass(slots=True)
class Report:
    """A history as it is read: `unreadable` path -> why; `pages` path -> why it is no post."""

    posts: list[Understood] = field(default_factory=list)
    unreadable: dict[str, PostError] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)


def report(found: Sequence[File], site: Site, *, language: str, as_json: bool) -> bool:
    """Print what was understood of each file and of all together.

    Args:
        found: the files.
        site: what lends to posts; its language is of no account, for posts have their own.
        language: of our own words.
        as_json: one JSON object instead of lines and a table.

    Returns:
        Whether every post could be read.
    """
    whole, bad = Report(), Bad()
    for file in progress(found, "Reading"):
        with bad.apart(file):
            add(whole, file, replace(site, language=""))
    click.echo(document(whole) if as_json else lines(whole, language))
    bad.tell()
    return not whole.unreadable


def add(whole: Report, file: File, site: Site) -> None:
    """Put one file where it belongs."""
    why = no_post(file.name)
    if why:
        whole.pages[file.name] = why
        return
    try:
        whole.posts.append(understood(file.text(), path=file.name, site=site))
    except PostError as error:
        whole.unreadable[file.name] = error


def document(whole: Report) -> str:
    """`{"posts": [...], "unreadable": [...], "clashes": [...], "pages": [...], "summary": {...}}`."""
    unreadable = [
        {"path": path, "line": e.line, "problem": e.problem, "remedy": e.remedy}
        for path, e in whole.unreadable.items()
    ]
    made = {
        "posts": [post.row() for post in whole.posts],
        "unreadable": unreadable,
        "clashes": clashes(whole.posts),
        "pages": [{"path": path, "why": why} for path, why in whole.pages.items()],
        "summary": {**totals(whole), **summary(whole.posts)},
    }
    return json.dumps(made, ensure_ascii=False, indent=1)


def clashes(posts: Sequence[Understood]) -> list[list[str]]:
    """Paths of posts that would have one page, where capitals do not count, as on many sites.

    One issue in two languages has two.
    """
    by_page: dict[tuple[str, str], list[str]] = {}
    for post in posts:
        page = post.url or Asked(Header(), post.path, "UTC").place
        by_page.setdefault((page.casefold(), post.language), []).append(post.path)
    return [paths for paths in by_page.values() if len(paths) > 1]


def totals(whole: Report) -> Mapping[str, int]:
    """How many there are of each sort."""
    return {
        "posts": len(whole.posts),
        "unreadable": len(whole.unreadable),
        "pages": len(whole.pages),
        "clashes": len(clashes(whole.posts)),
    }


def lines(whole: Report, language: str) -> str:
    """A line for each post, then the table."""
    counts = {name: {str(count): 0} for name, count in totals(whole).items()}
    table = [
        f"{words(language, f'understood.{name}'):<{_WIDTH}} {shared(shares)}"
        for name, shares in {**counts, **summary(whole.posts)}.items()
    ]
    told = [shown(post, language) for post in whole.posts]
    errors = [str(error) for error in whole.unreadable.values()]
    one_page = words(language, "understood.clashes")
    shared_pages = [f"{', '.join(paths)}: {one_page}" for paths in clashes(whole.posts)]
    return "\n".join((*map(plain, (*told, *errors, *shared_pages)), "", *table))


def shared(shares: Mapping[str, int]) -> str:
    """`yaml 12, toml 1`; a count alone where nothing is shared."""
    return ", ".join(f"{name} {count}" if count else name for name, count in shares.items())


def shown(post: Understood, language: str) -> str:
    """One post on a line: path, form, and each answer with where it comes from."""
    told, none = post.told, words(language, "understood.none")
    zone = words(language, "understood.zone")
    date = f"{post.date} ({told['date']}; {zone}: {told['zone']})" if post.date else none
    parts = (
        post.form or none,
        date,
        f"“{post.unread}”?" if post.unread else "",
        words(language, "understood.draft") if post.draft else "",
        words(language, "understood.expires", at=post.expires) if post.expires else "",
        f"{post.kind} ({told['kind']})" if told["kind"] else post.kind,
        f"{post.language} ({told['language']})",
        "" if post.number is None else f"#{post.number} ({told['number']})",
        f"{post.url} ({told['url']})" if post.url else post.slug,
        post.title or none,
    )
    return f"{post.path}: {' · '.join(filter(None, parts))}"
