"""Verbs that work on files alone: no database, no network, no settings."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from bot.cli.words import Failed, progress
from formatters.compose import compose
from formatters.document import Post, PostError, Site
from formatters.events import Event, find_events
from formatters.message import Composition, Style
from formatters.read import read_post

PATHS = click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH...",
)
LANGUAGE = click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of our own words.",
)
ZONE = click.option(
    "--zone", default="UTC", show_default=True, help="The site's time zone, as Asia/Shanghai."
)


@dataclass(frozen=True, slots=True)
class File:
    """A Markdown file and its path below the folder that was named, POSIX."""

    where: Path
    name: str

    def read(self, site: Site) -> Post:
        """The post in it.

        Raises:
            PostError: it cannot be read or understood.
        """
        try:
            text = self.where.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PostError(
                self.name, 0, f"cannot be read: {error}", "Save it as UTF-8."
            ) from error
        return read_post(text, path=self.name, site=site)


@click.command()
@PATHS
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the JSON files.",
)
@click.option(
    "--site", default="", help="Address of the site, for links that are relative to it."
)
@click.option(
    "--style",
    type=click.Choice([s.value for s in Style]),
    default=Style.THREAD.value,
    show_default=True,
    help="Layout.",
)
@LANGUAGE
@ZONE
def render(
    paths: Sequence[Path], out: Path, site: str, style: str, language: str, zone: str
) -> None:
    """Compose posts as chat messages, one JSON file for each *.md below PATH."""
    out.mkdir(parents=True, exist_ok=True)
    around = site_around(site, language, zone)
    bad = Bad()
    for file in progress(list(files(paths)), "Composing"):
        with bad.apart():
            made = compose(file.read(around), style=Style(style), language=language)
            name = file.name.removesuffix(".md").replace("/", "__")
            (out / f"{name}.json").write_text(as_json(made), encoding="utf-8")
    bad.tell()


@click.command()
@PATHS
@ZONE
def events(paths: Sequence[Path], zone: str) -> None:
    """Print the meetups that posts announce, one JSON object a line."""
    around = Site(zone=zone)
    bad = Bad()
    for file in progress(list(files(paths)), "Reading"):
        with bad.apart():
            for event in find_events(file.read(around), site=around):
                click.echo(json.dumps(event_row(file.name, event), ensure_ascii=False))
    bad.tell()


@click.command()
@click.argument(
    "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option(
    "--site", default="", help="Address of the site, for links that are relative to it."
)
@click.option(
    "--style",
    type=click.Choice([s.value for s in Style]),
    default=Style.THREAD.value,
    show_default=True,
)
@LANGUAGE
@ZONE
def preview(path: Path, site: str, style: str, language: str, zone: str) -> None:
    """Print the messages of one post as JSON, as `render` would write them."""
    around = site_around(site, language, zone)
    try:
        post = File(path, path.name).read(around)
    except PostError as error:
        raise Failed(str(error)) from error
    click.echo(as_json(compose(post, style=Style(style), language=language)))


def site_around(url: str, language: str, zone: str) -> Site:
    """The site of files: posts are taken to stand where they lie, for what is relative to them."""
    return Site(url=url.rstrip("/"), language=language, zone=zone, permalink="/{path}/")


class Bad:
    """The posts that could not be used; one of them never stops the others."""

    def __init__(self) -> None:
        self._errors: list[PostError] = []

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A context in which a PostError is kept for later."""
        try:
            yield
        except PostError as error:
            self._errors.append(error)

    def tell(self) -> None:
        """Fail with one line for each, if there are any."""
        if self._errors:
            raise Failed("\n".join(str(error) for error in self._errors))


def files(paths: Iterable[Path]) -> Iterator[File]:
    """Every *.md at or below the paths, in order of name."""
    for path in paths:
        if path.is_file():
            yield File(path, path.name)
        else:
            for found in sorted(path.rglob("*.md")):
                yield File(found, found.relative_to(path).as_posix())


def as_json(made: Composition) -> str:
    """`{"messages": [{"text", "blocks"}, ...], "omitted": [...]}`."""
    messages = [{"text": m.text, "blocks": m.blocks} for m in made.messages]
    return json.dumps(
        {"messages": messages, "omitted": made.omitted}, ensure_ascii=False, indent=1
    )


def event_row(file: str, event: Event) -> dict[str, object]:
    """One event as the keys of `digestbot events`."""
    return {
        "file": file,
        "title": event.title,
        "start": moment(event.start, all_day=event.all_day),
        "end": moment(event.end, all_day=event.all_day),
        "place": event.place or None,
        "online": event.online,
        "kind": event.kind,
        "register_url": event.register_url or None,
        "status": event.status,
    }


def moment(at: datetime | None, *, all_day: bool) -> str | None:
    """ISO 8601; a bare date where no time was announced."""
    if at is None:
        return None
    return at.date().isoformat() if all_day else at.isoformat()
