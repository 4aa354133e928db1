"""What generators of sites put into Markdown, as the Markdown of what their pages show.

Hugo's and Hexo's shortcodes, Jekyll's Liquid tags: pictures, links and titles come out, braces
do not. Pure: one tag in, its text out; `formatters.dialects` finds them outside code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from formatters.admonitions import KINDS, label

_PARAMETER = re.compile(
    r"""(?:([\w-]{1,40})\s{0,9}=\s{0,9})?(?:"([^"]*)"|'([^']*)'|`([^`]*)`|“([^”]*)”|([^\s"'`“]+))"""
)
_NAME = re.compile(r"\s*(/?)\s*([\w./-]+)")
_PICTURE_FILE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|avif)(?:[?#]|$)", re.IGNORECASE)
_CONTENT_FILE = re.compile(r"(?:/?_?index)?\.(?:md|mdx|markdown|html?)$")
_OUTPUT = re.compile(r"""\s*["']([^"']*)["']""")

# Names of tags by what they show. fmt: off
_PICTURES = frozenset(
    (
        "figure",
        "img",
        "image",
        "picture",
        "fig",
        "photo",
        "asset_img",
        "lightgallery",
        "imgproc",
        "responsive_image",
        "responsive_image_block",
        "imgcap",
        "thumbnail",
    )
)
_SILENT = frozenset(
    ("assign", "capture", "if", "elsif", "unless", "for", "set", "with", "toc", "param", "icon")
)
_REFERENCES = frozenset(("ref", "relref", "post_url", "link", "post_path", "asset_path"))
_BOXES = KINDS | {
    "notice",
    "alert",
    "callout",
    "admonition",
    "hint",
    "message",
    "notification",
    "expand",
    "collapse",
    "spoiler",
    "accordion",
    "tab",
    "box",
    "card",
    "panel",
    "toggle",
    "fold",
}
_PLAYED: Mapping[str, str] = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "bilibili": "https://www.bilibili.com/video/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "tweet": "https://x.com/i/status/{}",
    "twitter": "https://x.com/i/status/{}",
    "x": "https://x.com/i/status/{}",
    "gist": "https://gist.github.com/{}",
    "asciinema": "https://asciinema.org/a/{}",
    "github": "https://github.com/{}",
    "youtubepl": "https://www.youtube.com/playlist?list={}",
}
# fmt: on
_TEXTS = ("title", "heading", "caption", "text", "label", "summary", "description", "content")
_ADDRESSES = ("src", "href", "url", "link", "image", "img", "video", "file")


@dataclass(slots=True)
class Tag:
    """A tag's name and parameters. `positional` are those without a name."""

    name: str
    closes: bool = False
    named: dict[str, str] = field(default_factory=dict)
    positional: list[str] = field(default_factory=list)

    def get(self, *names: str, at: int = -1) -> str:
        """The first of these parameters that is given, or the one at a position; else ""."""
        for name in names:
            if self.named.get(name):
                return self.named[name]
        return self.positional[at] if 0 <= at < len(self.positional) else ""


def shown(tag: Tag) -> str:
    """What a page shows for a tag, as Markdown."""
    if tag.name in _REFERENCES:
        return _reference(tag)
    if tag.closes or tag.name in _SILENT:
        return ""
    if tag.name in _PICTURES or tag.name.endswith("figure"):
        return _figure(tag)
    host = tag.get("provider") or tag.name
    if host in _PLAYED:
        return _played(host, tag)
    return _box(tag) if tag.name in _BOXES else _unknown(tag)


def put_out(inner: str) -> str | None:
    """What `{{ "/path" | relative_url }}` or `{{ site.baseurl }}` writes; None = not known."""
    quoted = _OUTPUT.match(inner)
    if quoted:
        return quoted[1]
    return "" if inner.strip().startswith(("site.", "page.")) else None


def parsed(inner: str) -> Tag:
    """Read what stands between a tag's braces."""
    found = _NAME.match(inner)
    if not found:
        return Tag("")
    tag = Tag(found[2].lower(), bool(found[1]))
    rest = inner[found.end() :].strip().removesuffix("/")
    for key, *values in _PARAMETER.findall(rest):
        value = next(filter(None, values), "").strip()
        if key:
            tag.named[key.lower()] = value
        else:
            tag.positional.append(value)
    if tag.name in {"include", "include_relative", "partial"} and tag.positional:
        tag.name = tag.positional.pop(0).lower().removesuffix(".html").rpartition("/")[2]
    return tag


# ------------------------------------------------------------------ one kind of tag, one function


def _reference(tag: Tag) -> str:
    """A page of the same site. Only a path from the root can be told; the rest is looked up."""
    target = tag.get("path", at=0)
    page, mark, place = target.partition("#")
    if not page:
        return f"#{place}"
    if not page.startswith("/"):
        return f"page:{address(target)}"
    return address(f"{_CONTENT_FILE.sub('', page).rstrip('/')}/{mark}{place}")


def _figure(tag: Tag) -> str:
    files = [word for word in tag.positional if "/" in word or "." in word]
    source = tag.get("src", "url", "image", "image_path", "path") or next(iter(files), "")
    if not source:
        return _unknown(tag)
    caption, title = tag.get("caption"), tag.get("title")
    alt = (
        tag.get("alt")
        or caption
        or title
        or " ".join(word for word in tag.positional if word not in files)
    )
    picture = f"![{_flat(alt)}](<{address(source)}>)"
    link = tag.get("link", "href")
    lines = [f"[{picture}](<{address(link)}>)" if link else picture, title, caption]
    if credit := tag.get("attr"):
        where = tag.get("attrlink")
        lines.append(f"[{_flat(credit)}](<{address(where)}>)" if where else credit)
    return "<br>".join(filter(None, lines))


def _played(host: str, tag: Tag) -> str:
    words = tag.positional
    what = tag.get("id", "url", "repo", "src", at=0)
    if not what:
        return ""
    if host == "gist" and len(words) > 1:
        what = f"{words[0]}/{words[1]}"
    elif user := tag.named.get("user"):
        what = f"{user}/{what}" if host == "gist" else f"https://x.com/{user}/status/{what}"
    url = address(what if "://" in what else _PLAYED[host].format(what))
    title = tag.get("title", "caption")
    return f"[{_flat(title)}](<{url}>)" if title else f"<{url}>"


def _box(tag: Tag) -> str:
    words = [word for word in tag.positional if not word.isdecimal()]
    kind = tag.get("type", "color", "level").lower()
    if words and words[0].lower() in KINDS:
        kind = words.pop(0)
    title = tag.get("title", "header", "summary", "name") or " ".join(words)
    said = label(kind if kind in KINDS else tag.name, title)
    return f"{said}  " if said else ""


def _unknown(tag: Tag) -> str:
    """Of a tag that nobody here knows, the texts and the first address."""
    text = " ".join(filter(None, (tag.named.get(name, "") for name in _TEXTS)))
    url = next(filter(_can_open, (tag.named.get(name, "") for name in _ADDRESSES)), "")
    if not url:
        return text
    if _PICTURE_FILE.search(url):
        return f"![{_flat(tag.get('alt') or text)}](<{address(url)}>) {text}".rstrip()
    return f"[{_flat(text or url)}](<{address(url)}>)"


def _can_open(value: str) -> bool:
    return value.startswith(("http://", "https://", "/"))


def _flat(text: str) -> str:
    """Text for the brackets of a link."""
    return text.replace("[", "\\[").replace("]", "\\]")


def address(url: str) -> str:
    """An address for pointed brackets."""
    return re.sub(r"[<>\s]", lambda found: f"%{ord(found[0]):02X}", url.strip())
