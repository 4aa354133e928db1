"""What was read, as the posts that the archive knows: by path, or moved, or new.

Asks the archive for the texts of the missing and `bot.plan` which is which; decides nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot import plan
from bot.model.ids import PostId
from bot.model.posts import Entry, Found, Known, PostState, Scan, Shelf
from bot.ports.writing import Register
from bot.publish.reading import Read, Reader

MOST_TEXTS = 1000
"""Texts of lost posts that are read in one look: ours, some 20 MB."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Posts under their lasting ids, and what became of others.

    `replaced` are undecided posts that were nothing but an old one at its new path; `gone` and
    `back` are posts whose files left or came back.
    """

    posts: tuple[Read, ...]
    replaced: tuple[PostId, ...]
    gone: tuple[Known, ...]
    back: tuple[Known, ...]


async def matched(
    read: Sequence[Read], scan: Scan, shelf: Shelf, register: Register, reader: Reader
) -> Matched:
    """Find out which post each file is.

    Args:
        read: the files that are new or changed.
        scan: the look that found them.
        shelf: what is archived of the source.
        register: has the texts of posts.
        reader: for the place where texts are compared.
    """
    by_path = {known.path: known for known in shelf.posts}
    absent = [one for one in shelf.posts if one.path not in scan.paths]
    # What a source that shows a part only does not name may have moved, yet is not gone.
    lost = absent if scan.complete else []
    copies = await _copies(read, lost, scan, shelf, register, reader)
    files = {one.entry.path: one for one in (*copies, *read)}
    moved = await _moved(files, absent, by_path, register, reader)
    taken = {one.id for one in shelf.posts}
    there = set(moved.values())
    left = {one.entry.path for one in read} | moved.keys()
    posts = tuple(
        file.named(_id(file.entry, by_path, moved, taken))
        for path, file in files.items()
        if path in left
    )
    away = {one.id for one in lost if one.id not in there} | _unpublished(posts, shelf)
    return Matched(
        posts=posts,
        replaced=tuple(by_path[path].id for path in moved if path in by_path),
        gone=tuple(one for one in shelf.posts if one.gone_at is None and one.id in away),
        back=tuple(
            one
            for one in shelf.posts
            if one.gone_at is not None
            and (one.path in scan.paths or one.id in there)
            and one.id not in away
        ),
    )


def _unpublished(posts: Sequence[Read], shelf: Shelf) -> set[PostId]:
    """Announced posts that are drafts again: to readers they are as good as gone."""
    drafts = {one.id: one.draft for one in shelf.posts}
    drafts |= {one.entry.id: one.entry.draft for one in posts}
    announced = PostState.ANNOUNCED
    return {one.id for one in shelf.posts if one.state is announced and drafts[one.id]}


async def _copies(
    read: Sequence[Read],
    lost: Sequence[Known],
    scan: Scan,
    shelf: Shelf,
    register: Register,
    reader: Reader,
) -> tuple[Read, ...]:
    """Undecided posts that may be lost ones which were copied first and deleted later."""
    if all(one.gone_at is not None for one in lost):
        return ()
    again = {one.entry.path for one in read}
    fresh = [
        one.id
        for one in shelf.posts
        if one.state is PostState.UNDECIDED and one.path in scan.paths - again
    ]
    texts = [Found(e.source, e.path, e.text) for e in await register.posts(fresh)]
    return (await reader.read(texts)).posts


async def _moved(
    files: Mapping[str, Read],
    lost: Sequence[Known],
    by_path: Mapping[str, Known],
    register: Register,
    reader: Reader,
) -> Mapping[str, PostId]:
    """Path -> the post that is there now and was elsewhere before."""
    waiting = PostState.UNDECIDED
    titles = Counter(known.title for known in by_path.values())
    appeared = [
        _face(file.entry, path, file.aliases, titles)
        for path, file in files.items()
        if path not in by_path or (by_path[path].state is waiting and lost)
    ]
    overwritten = [
        known
        for path, known in by_path.items()
        if path in files and files[path].entry.revision != known.revision
    ]
    if not appeared or not (lost or overwritten):
        return {}
    missed = [*await _missed(lost, titles, register, reader.now), *map(_bare, overwritten)]
    return await reader.aside(partial(plan.moves, appeared, missed))


async def _missed(
    lost: Sequence[Known], titles: Mapping[str, int], register: Register, now: datetime
) -> list[plan.Face]:
    """Faces of the lost, last gone first; with the texts of those that may be known by them."""
    latest = sorted(lost, key=lambda one: one.gone_at or now, reverse=True)
    lately = [one.id for one in latest if (one.gone_at or now) >= now - plan.LATELY]
    texts = {entry.id: entry for entry in await register.posts(lately[:MOST_TEXTS])}
    return [
        _face(texts[one.id], one.id, (), titles) if one.id in texts else _outline(one)
        for one in latest
    ]


def _outline(known: Known) -> plan.Face:
    """A post by the places and the id that it was known by; its text is not asked for."""
    return plan.Face(
        key=known.id,
        path=known.path,
        revision=known.revision,
        url=known.url,
        guid=known.guid,
    )


def _face(
    entry: Entry, key: str, aliases: tuple[str, ...], titles: Mapping[str, int]
) -> plan.Face:
    return plan.Face(
        key=key,
        path=entry.path,
        revision=entry.revision,
        text=entry.plain,
        title=entry.title if titles.get(entry.title, 0) <= 1 else "",
        number=entry.number,
        date=entry.date,
        url=entry.url,
        guid=entry.guid,
        aliases=aliases,
    )


def _bare(known: Known) -> plan.Face:
    """A post that can be told by its whole text alone."""
    return plan.Face(key=known.id, path="", revision=known.revision)


def _id(
    entry: Entry,
    by_path: Mapping[str, Known],
    moved: Mapping[str, PostId],
    taken: set[PostId],
) -> PostId:
    """The lasting id: that of the post which it is, else one of its own."""
    if entry.path in moved:
        return moved[entry.path]
    known = by_path.get(entry.path)
    if known is not None and known.id not in moved.values():
        return known.id
    if entry.id in taken:
        return PostId(f"{entry.id}~{entry.revision[:8]}")
    return entry.id
