"""Which paths a list of patterns such as `**/*.md` takes.

Pure. Paths are data: only patterns have wildcards.
"""

from fnmatch import fnmatchcase

ANY_DEPTH = "**"


def takes(pattern: str, path: str) -> bool:
    """Whether a pattern matches a whole path, both with `/`; `**` stands for any folders."""
    return _takes(tuple(pattern.split("/")), tuple(path.split("/")))


def enters(pattern: str, folder: str) -> bool:
    """Whether something below a folder can match; the root is ""."""
    return _enters(tuple(pattern.split("/")), tuple(folder.split("/")) if folder else ())


def _takes(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == ANY_DEPTH:
        return any(_takes(pattern[1:], parts[at:]) for at in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _takes(pattern[1:], parts[1:])


def _enters(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    if not parts:
        return bool(pattern)
    if not pattern:
        return False
    if pattern[0] == ANY_DEPTH:
        return True
    return fnmatchcase(parts[0], pattern[0]) and _enters(pattern[1:], parts[1:])
