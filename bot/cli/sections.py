"""`digestbot sections`: how well the headings of a history are understood."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.files import PATHS, Bad
from bot.cli.found import files
from bot.cli.words import progress
from bot.sources.folder import printable
from config import communities
from formatters.document import Post, Profile, SectionKind, Site
from formatters.recognised import HeadingUse, Recognised, Source, recognised


@click.command()
@PATHS
@click.option(
    "--profile",
    type=click.Choice(communities.names()),
    default="default",
    show_default=True,
    help="The community whose own words are known, as in the settings.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def sections(paths: Sequence[Path], profile: str, *, as_json: bool) -> None:
    """Report how well the headings of posts are understood: kinds, counts, what is unknown.

    Kinds are those of the `sections` filters. Posts with a date also tell how much of their text
    stands in every issue.
    """
    words = communities.profile(profile)
    known = Profile(profile, {SectionKind(kind): given for kind, given in words.items()})
    bad, posts = Bad(), list[Post]()
    for file in progress(files(paths, posts=True), "Reading"):
        with bad.apart(file):
            posts.append(file.read(Site(profile=known)))
    report = recognised(posts, known)
    click.echo(document(report) if as_json else table(report))
    bad.tell()


def table(report: Recognised) -> str:
    """Headings with how often they are used, by kind; the unknown ones with their place; the sum."""
    known = [one for one in report.headings if one.source is not Source.NONE]
    lines = [row(one) for kind in SectionKind for one in known if one.kind is kind]
    unknown = [one for one in report.headings if one.source is Source.NONE]
    if unknown:
        lines += ["", "Not recognised:", *(f"{row(one)}  {place(one)}" for one in unknown)]
    return "\n".join([*lines, "", *summary(report)]).lstrip("\n")


def row(use: HeadingUse) -> str:
    """One heading; a sign tells that its kind is that of the heading above, or that it is a title."""
    sign = {Source.ABOVE: "^", Source.TITLE: "#"}.get(use.source, " ")
    kind = "-" if use.source is Source.NONE else use.kind.value
    return f"{use.count:>5}  {kind:<12} {sign} {printable(use.title)}"


def place(use: HeadingUse) -> str:
    """Where a heading is used first."""
    return f"{printable(use.path)}:{use.line}"


def summary(report: Recognised) -> list[str]:
    """All headings and all text in sum."""
    with_kind = report.total - report.by(Source.NONE)
    words, above, title = (report.by(s) for s in (Source.WORDS, Source.ABOVE, Source.TITLE))
    standing = report.standing / report.letters if report.letters else 0.0
    return [
        f"{with_kind} of {report.total} headings in {report.posts} posts have a kind, {report.share:.1%}.",
        f"By their words: {words}. By the heading above (^): {above}. As an issue's title (#): {title}.",
        f"Of the text of dated posts, {standing:.1%} is standing text.",
    ]


def document(report: Recognised) -> str:
    """The same for machines; `share` and `standing` from 0 to 1."""
    kinds: Counter[str] = Counter()
    for one in report.headings:
        kinds["" if one.source is Source.NONE else one.kind.value] += one.count
    found = {
        "posts": report.posts,
        "headings": report.total,
        "with_kind": report.total - report.by(Source.NONE),
        "share": round(report.share, 4),
        "by": {source.value: report.by(source) for source in Source},
        "kinds": {kind.value: kinds[kind.value] for kind in SectionKind},
        "standing": round(report.standing / report.letters, 4) if report.letters else 0.0,
        "titles": [
            {
                "title": one.title,
                "kind": None if one.source is Source.NONE else one.kind.value,
                "by": one.source.value,
                "count": one.count,
                "path": one.path,
                "line": one.line,
            }
            for one in report.headings
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=1)
