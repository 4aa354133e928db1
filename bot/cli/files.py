"""Verbs that work on files alone: no database, no network, no settings."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import click

from bot.cli.found import File, files
from bot.cli.options import POSTS_LANGUAGE, SITE, TEMPLATES, ZONE
from bot.cli.words import Failed, plain, progress, say
from bot.publish.text import plain_text
from formatters.compose import compose
from formatters.document import Post, PostError, Site
from formatters.events import Event, find_events
from formatters.message import Composition, Style
from formatters.phrases import language_of
from formatters.wording import Wording

logger = logging.getLogger(__name__)

Place: TypeAlias = tuple[int, int]
_MUCH = 4_000
"""Characters of a post that tell its language."""
PATHS = click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH...",
)
STYLE = click.option(
    "--style",
    type=click.Choice([s.value for s in Style]),
    default=Style.THREAD.value,
    show_default=True,
    help="Layout: a card with the issue below it, the card alone, or the issue in full.",
)


@click.command()
@PATHS
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the JSON files.",
)
@SITE
@STYLE
@POSTS_LANGUAGE
@ZONE
@TEMPLATES
def render(  # noqa: PLR0913, PLR0917 - one for each option
    paths: Sequence[Path],
    out: Path,
    site: str,
    style: str,
    language: str | None,
    zone: str,
    templates: Wording,
) -> None:
    """Compose posts as chat messages, one JSON file for each *.md below PATH."""
    around = site_around(site, language or "", zone)
    make_folder(out)
    bad = Bad()
    written: dict[Place, File] = {}
    for file in progress(files(paths, posts=False), "Composing"):
        with bad.apart(file):
            made = composed(file.read(around), style, language, templates)
            write(made, out, file, written)
    bad.tell()


@click.command()
@PATHS
@ZONE
def events(paths: Sequence[Path], zone: str) -> None:
    """Print the meetups that posts announce, one JSON object a line."""
    around = Site(zone=zone)
    bad = Bad()
    for file in progress(files(paths, posts=True), "Reading"):
        with bad.apart(file):
            for event in find_events(file.read(around), site=around):
                click.echo(json.dumps(event_row(file.name, event), ensure_ascii=False))
    bad.tell()


@click.command()
@click.argument(
    "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@SITE
@STYLE
@POSTS_LANGUAGE
@ZONE
@TEMPLATES
def preview(
    path: Path, site: str, style: str, language: str | None, zone: str, templates: Wording
) -> None:
    """Print the messages of one post as JSON, as `render` would write them."""
    around = site_around(site, language or "", zone)
    try:
        post = File(path, path.name).read(around)
    except PostError as error:
        raise Failed(str(error)) from error
    click.echo(as_json(composed(post, style, language, templates)))


def composed(post: Post, style: str, language: str | None, wording: Wording) -> Composition:
    """The messages of a post, our own words in its language unless another one is asked for."""
    written = language or post.language or language_of(plain_text(post)[:_MUCH])
    made = compose(post, style=Style(style), language=written, wording=wording)
    for problem in made.problems:
        say(f"{post.path}: template {problem}")
    return made


def site_around(url: str, language: str, zone: str) -> Site:
    """The site of files: posts are taken to stand where they lie, for what is relative to them."""
    return Site(url=url, language=language, zone=zone, permalink="/{path}/")


def make_folder(out: Path) -> None:
    """Make the folder for results.

    Raises:
        click.BadParameter: it cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        words = f"the folder {out} cannot be made: {error.strerror}"
        raise click.BadParameter(words, param_hint="'--out'") from error


def write(made: Composition, out: Path, file: File, written: dict[Place, File]) -> None:
    """Write one result, never over that of another file.

    Args:
        made: the messages.
        out: the folder for results.
        file: the post they are made of.
        written: what was written before, by where it really is: where case does not count, two
            names are one file.

    Raises:
        PostError: it cannot be written, or another file of `written` stands there.
    """
    target = out / f"{file.id}.json"
    try:
        first = written.get(place_of(target)) if target.exists() else None
        if first:
            words = f"{file.where} would become {target.name}, as {first.where} did"
            remedy = "Render the two into folders of their own, or rename one"
            raise file.fault(words, remedy)
        # Half a character, which JSON can write as "\udXXX", becomes exactly that.
        target.write_text(as_json(made), "utf-8", "backslashreplace")
        written[place_of(target)] = file
    except OSError as error:
        words = f"{target.name} cannot be written ({error.strerror})"
        raise file.fault(words, f"Look at the folder {out}") from error


def place_of(file: Path) -> Place:
    """Where a file really is: device and inode."""
    look = file.stat()
    return look.st_dev, look.st_ino


class Bad:
    """The posts that could not be used; one of them never stops the others."""

    def __init__(self) -> None:
        self._errors: list[PostError] = []

    @contextmanager
    def apart(self, file: File) -> Iterator[None]:
        """A context in which an error is kept for later; a closed pipe is none of the post's."""
        try:
            yield
        except PostError as error:
            self._errors.append(error)
        except BrokenPipeError:
            raise
        except Exception as error:
            # A fault of ours in one post must not keep all others from being written.
            logger.exception("post.failed path=%s", file.where)
            words = f"the bot failed on it ({type(error).__name__})"
            self._errors.append(file.fault(words, "Please report it, with the lines above"))

    def tell(self) -> None:
        """Fail with one line for each, if there are any."""
        if self._errors:
            raise Failed("\n".join(plain(str(error)) for error in self._errors))


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
