"""What every source asks of a file before it is a post's text: its size, and that it is text.

Pure.
"""

LARGEST = 2_000_000
"""Bytes of a file that is still read; how long a post may be is the reader's to say."""


class UnfitError(Exception):
    """A file that cannot be a post now; its words say why and what to do."""


def check_size(size: int) -> None:
    """Refuse a file that is too large to be a post.

    Args:
        size: bytes.

    Raises:
        UnfitError: it is.
    """
    if size > LARGEST:
        raise UnfitError(f"it has {size:,} bytes, more than {LARGEST:,}: no post is so long")


def decoded(content: bytes) -> str:
    """The text that bytes hold.

    Raises:
        UnfitError: they hold none.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnfitError(f"line {line} is not UTF-8: save the file as UTF-8") from error
    if "\0" in text:
        raise UnfitError("it holds a zero byte, so it is no text: look whether it is damaged")
    return text
