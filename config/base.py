"""What all settings have in common: the frozen base and the types of single values.

Pure, but for paths being read from the folder of the settings file.
"""

# mypy: disable-error-code="explicit-any"
# pydantic's own base class is typed with Any; nothing here is.

from datetime import timedelta
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)

from config import values


def beside_the_file(value: Path, info: ValidationInfo) -> Path:
    """Read a relative path from the folder of the settings file, not from where we were started."""
    base = info.context.get("base") if isinstance(info.context, dict) else None
    return base / value.expanduser() if isinstance(base, Path) else value


Duration: TypeAlias = Annotated[timedelta, BeforeValidator(values.duration)]
Interval: TypeAlias = Annotated[Duration, Field(gt=timedelta())]
WebAddress: TypeAlias = Annotated[str, AfterValidator(values.web_address)]
Glob: TypeAlias = Annotated[str, AfterValidator(values.glob)]
Permalink: TypeAlias = Annotated[str, AfterValidator(values.permalink)]
LocatedPath: TypeAlias = Annotated[Path, AfterValidator(beside_the_file)]
# A source's id becomes the part of a post's id before the colon.
SourceId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


class Model(BaseModel):
    """Frozen, without unknown keys, and silent about the values it refuses."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
