"""The files of a folder that the settings name, as texts.

Reads that folder and nothing else.
"""

from pathlib import Path

MAX_FILES = 20  # ours: twice what any community has use for
MAX_BYTES = 100_000  # ours, of one file
KINDS = frozenset({".md", ".yaml", ".yml"})


def texts_in(folder: Path) -> tuple[tuple[str, str], ...]:
    """Read the Markdown and YAML files right in a folder.

    Returns:
        Path and text of each, in order of name; hidden files and read-me files left out.

    Raises:
        ValueError: it or one of them cannot be read; in words for operators.
    """
    try:
        found = sorted(path for path in folder.iterdir() if _counts(path))
        if len(found) > MAX_FILES:
            raise ValueError(f"has {len(found)} files, {MAX_FILES} are the most")
        return tuple((path.as_posix(), _text(path)) for path in found)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror} ({error.filename})") from error


def _counts(path: Path) -> bool:
    is_shown = not path.name.lower().startswith((".", "readme"))
    return is_shown and path.suffix.lower() in KINDS


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"{path.name} has more than {MAX_BYTES:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} is not UTF-8") from error
