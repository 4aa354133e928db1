"""What every source asks of a file before it is a post's text: its size, and that it is text.

Pure.
"""

import codecs

LARGEST = 2_000_000
"""Bytes of a file that is still read; how long a post may be is the reader's to say."""


_UNMARKED = (("utf-16-le", slice(1, None, 2)), ("utf-16-be", slice(0, None, 2)))
_MARKED = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
           (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_COMMON = frozenset(
    "的一是不了在有和人我中大为上个国以要他时来用们生到作地于出会可也你对就里，。、："
)
"""The signs that half of any Chinese text consists of, or near it."""
_ENOUGH, _SHARE = 4, 0.08


class UnfitError(Exception):
    """A file that cannot be a post now; its words say why and what to do.

    Args:
        problem: what is wrong with it.
        remedy: what to do; "" where the problem says all.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}: {remedy}" if remedy else problem)
        self.problem, self.remedy = problem, remedy


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

    Other encodings are recognised, to be named, and never guessed into a post: the site cannot
    show such a file either, so its author has to mend it.

    Raises:
        UnfitError: they hold none, or text that is not UTF-8.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _not_utf8(content, f"line {line} is not UTF-8") from error
    if "\0" in text:
        words = "it holds a zero byte, so it is no text"
        encoding = encoding_of(content)
        raise (
            _not_utf8(content, words)
            if encoding
            else UnfitError(words, "look whether it is damaged")
        )
    return text


def encoding_of(content: bytes) -> str:
    """The encoding that bytes are in beyond doubt, if it is not UTF-8; "" if none is."""
    marked = next((name for mark, name in _MARKED if content.startswith(mark)), "")
    if marked:
        return marked
    for name, high in _UNMARKED:
        if content and content[high].count(0) * 2 > len(content) // 2 and _as(content, name):
            return name
    chinese = [sign for sign in _as(content, "gb18030") if sign > "\u2fff"]
    common = sum(sign in _COMMON for sign in chinese)
    return "gb18030" if common >= max(_ENOUGH, len(chinese) * _SHARE) else ""


def _as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _not_utf8(content: bytes, words: str) -> UnfitError:
    encoding = encoding_of(content).upper()
    if not encoding:
        return UnfitError(words, "save the file as UTF-8")
    way = f"save the file as UTF-8 (iconv -f {encoding} -t UTF-8)"
    return UnfitError(f"{words} but {encoding.replace('UTF-16-', 'UTF-16')}", way)


def text_in(content: bytes) -> str | UnfitError:
    """A file's text, or why it has none."""
    try:
        return decoded(content)
    except UnfitError as unfit:
        return unfit
