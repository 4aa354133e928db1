"""Words for pictures: whether they describe what is to be seen.

Pure.
"""

import re

_FILE_NAME = re.compile(r"[^/]{1,80}\.(?:png|jpe?g|gif|webp|svg|bmp|avif)$", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:图片?|照片|插图|配图|截图|图像|封面|屏幕截图|幻灯片"
    r"|img|imgs?|image|picture|pic|photo|figure|fig|screenshot|screen shot|cover|banner|weekly"
    r"|alt|alt text|untitled|null|undefined)[ _.\-#]{0,2}\d{0,12}",
    re.IGNORECASE,
)


def describes(words: str) -> bool:
    """Whether words say what a picture shows: a file's name or `image` says nothing."""
    said = words.strip()
    return bool(said) and not (_GENERIC.fullmatch(said) or _FILE_NAME.fullmatch(said))
