"""The example file is true: every option, its default, nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from config import environment
from config.settings import Settings, load
from config.sources import KINDS
from config.yaml import read_yaml

EXAMPLE = Path(environment.__file__).with_name("digestbot.example.yaml")


def options(model: type[BaseModel], above: str = "") -> set[str]:
    """Name every option below a model: `publish.settle`, `sources.every`."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(above + name)
        for model_inside in models(field.annotation):
            found |= options(model_inside, f"{above}{name}.")
    return found


def models(annotation: object) -> Iterator[type[BaseModel]]:
    """Find the models inside a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def words(path: tuple[str | int, ...]) -> str:
    """Name an option without places in lists."""
    return ".".join(step for step in path if isinstance(step, str))


def test_the_example_shows_every_option_and_no_other():
    """Secrets apart: they come from the environment. `send` and `quiet` show their words instead."""
    shown = {words(path) for path in read_yaml(EXAMPLE).lines}
    secret = {
        name
        for name in options(Settings)
        if re.match(r"slack|database_url|github|tokens|encryption_key", name)
    }
    in_words = {
        "channels.send.weekday",
        "channels.send.at",
        "channels.meetups.weekday",
        "channels.meetups.at",
        "channels.quiet.start",
        "channels.quiet.end",
    }

    assert shown == options(Settings) - secret - in_words


def test_every_option_of_the_example_has_its_default():
    """What stands there is what holds when the line is left out."""
    settings = load(EXAMPLE, {})
    defaults = Settings()
    (channel,) = settings.channels

    assert settings.data == EXAMPLE.parent / ".digestbot"
    assert (
        settings.model_copy(
            update={
                "sources": (),
                "channels": (),
                "data": defaults.data,
                "database_url": defaults.database_url,
            }
        )
        == defaults
    )
    assert [source.kind for source in settings.sources] == list(KINDS)
    for source in settings.sources:
        fields = type(source).model_fields
        needed = {name: getattr(source, name) for name in fields if fields[name].is_required()}
        assert source == type(source).model_validate(needed)
    assert channel == type(channel)(id=channel.id)


def test_every_option_of_the_example_has_one_line_why():
    """A default without a reason helps nobody."""
    lines = EXAMPLE.read_text(encoding="utf-8").split("\n# Environment")[0].splitlines()

    assert [line for line in lines if line and not re.search(r"# \S", line)] == []


def test_the_example_names_every_variable_of_the_environment():
    """In full, or as `also NAME_FILE`."""
    text = EXAMPLE.read_text(encoding="utf-8")

    assert [name for name in environment.names() if name not in text] == []
