"""`digestbot lint`: what authors should mend before a post is published."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from bot.cli.files import PATHS, Bad, site_around
from bot.cli.found import File, files
from bot.cli.options import LANGUAGE, SITE, ZONE
from bot.cli.report import report
from bot.cli.words import plain, progress
from formatters.document import PostError, Site
from formatters.lint import Advice, Level, advice, unreadable

ANNOTATIONS: Mapping[Level, str] = {
    Level.ERROR: "error",
    Level.WARNING: "warning",
    Level.HINT: "notice",
}
"""GitHub's words (docs.github.com/en/actions/reference/workflow-commands-for-github-actions, 2026-11-24)."""


@click.command()
@PATHS
@SITE
@ZONE
@LANGUAGE
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Lines for people, one JSON object a line, or annotations of a pull request.",
)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--strict", is_flag=True, help="Fail on warnings as well.")
@click.option(
    "--all", "whole", is_flag=True, help="Report what is understood of each post, and in sum."
)
def lint(  # noqa: PLR0913 - one for each option
    paths: Sequence[Path],
    site: str,
    zone: str,
    language: str,
    form: str,
    *,
    strict: bool,
    whole: bool,
) -> None:
    """Tell authors what to mend before a post is published; exit 1 if that is an error.

    With --all: what the bot reads in the headers of a whole history, and from where.
    """
    around = site_around(site, language, zone)
    if whole:
        found = files(paths, posts=False)
        fine = report(found, around, language=language, as_json=form == "json")
        click.get_current_context().exit(0 if fine else 1)
    bad = Bad()
    worst = {Level.ERROR, Level.WARNING} if strict else {Level.ERROR}
    fails = False
    for file in progress(files(paths, posts=True), "Reading"):
        with bad.apart(file):
            for one in advice_on(file, around):
                fails = fails or one.level in worst
                click.echo(LINES[form](file.where.as_posix(), one, language))
    bad.tell()
    if fails:
        click.get_current_context().exit(1)


def advice_on(file: File, site: Site) -> tuple[Advice, ...]:
    """The advice on one file, in order; that it cannot be opened is advice as well."""
    try:
        return advice(file.text(), path=file.name, site=site)
    except PostError as error:
        return (unreadable(error),)


def as_text(path: str, one: Advice, language: str) -> str:
    """`path:line: level code: words`, as compilers write and editors understand."""
    return f"{plain(path)}:{one.line}: {one.level} {one.code}: {sentences(one, language)}"


def as_json(path: str, one: Advice, language: str) -> str:
    """One JSON object."""
    row = {
        "path": path,
        "line": one.line,
        "level": one.level.value,
        "code": one.code,
        "message": one.message(language),
        "remedy": one.remedy(language),
    }
    return json.dumps(row, ensure_ascii=False)


def as_annotation(path: str, one: Advice, language: str) -> str:
    """A workflow command, which GitHub shows beside the line in a pull request."""
    words = escaped(sentences(one, language))
    file = escaped(path).replace(":", "%3A").replace(",", "%2C")
    return f"::{ANNOTATIONS[one.level]} file={file},line={one.line},title={one.code}::{words}"


def sentences(one: Advice, language: str) -> str:
    """Message and remedy in one line."""
    return plain(f"{one.message(language)} {one.remedy(language)}")


def escaped(text: str) -> str:
    """What would end a command or begin another one, as GitHub reads it back."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


LINES = {"text": as_text, "json": as_json, "github": as_annotation}
"""Format -> how a piece of advice is written."""
