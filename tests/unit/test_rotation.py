"""Workspaces take turns."""

from bot.archive.rotation import Rotation
from bot.model.ids import WorkspaceId


def ids(words: str) -> list[WorkspaceId]:
    """A workspace for each letter."""
    return [WorkspaceId(letter) for letter in words]


def test_each_comes_once_and_then_all_that_wait_come_again_behind_the_last_one():
    """One that has ever more to send waits for its turn as the others do."""
    rotation = Rotation()
    rotation.begin(ids("cab"))
    assert rotation.next(2, ()) == tuple(ids("ab"))
    rotation.begin(ids("abcd"))

    assert rotation.next(9, ()) == tuple(ids("cdab"))
    assert rotation.over
    assert rotation.next(9, ()) == ()


def test_the_workspace_without_a_name_has_its_turn_too():
    """It is the one of the bot's own token."""
    rotation = Rotation()
    rotation.begin([*ids("a"), WorkspaceId("")])
    assert rotation.next(9, ()) == ("", "a")
    rotation.begin([WorkspaceId("")])
    assert rotation.next(9, ()) == ("",)


def test_who_is_closed_misses_its_turn():
    """The others do not wait for it."""
    rotation = Rotation()
    rotation.begin(ids("abc"))

    assert rotation.next(2, ids("a")) == tuple(ids("bc"))
    assert rotation.over


def test_who_was_not_reached_comes_first_the_next_time():
    """In the same order."""
    rotation = Rotation()
    rotation.begin(ids("abcd"))
    rotation.next(3, ())
    rotation.put_back(ids("bc"))

    assert rotation.next(9, ()) == tuple(ids("bcd"))
