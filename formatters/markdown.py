"""Markdown to the HTML that its page would show.

The only home of comrak. The result is read by `formatters.html`, never shown: it holds the
authors' own HTML as they wrote it.
"""

from dataclasses import dataclass
from functools import lru_cache

import comrak

from formatters.dialects import translated


@dataclass(frozen=True, slots=True)
class Page:
    """HTML, and what of the Markdown was left out on purpose: signs for a site's generator."""

    html: str
    left_out: tuple[str, ...] = ()


def to_page(markdown: str) -> Page:
    """Render CommonMark with GitHub's extensions; linear in the length of the text.

    Emphasis next to Chinese, Japanese and Korean letters follows the CJK-friendly amendment, as
    the newsletters' authors see it in their editors. Shortcodes, boxes and names of emoji are
    read as their sites show them. Block tags carry `data-sourcepos`, lines counted from 1
    within `markdown`.
    """
    text, left_out = translated(markdown, emoji_named)
    # Stars with a backslash stay stars, and can be told from marks that are left over.
    rendering = _ESCAPES_APART if "\\*" in text else _RENDERING
    has_terms = "\n: " in text or "\n:\t" in text
    extensions = _WITH_TERMS if has_terms else _EXTENSIONS
    return Page(comrak.render_markdown(text, extensions, _PARSING, rendering), left_out)


def to_html(markdown: str) -> str:
    """The HTML of a page alone."""
    return to_page(markdown).html


@lru_cache(maxsize=1024)
def emoji_named(name: str) -> str:
    """The sign for a name such as `:tada:` as GitHub knows it, the name itself if for none."""
    html: str = comrak.render_markdown(name, _EMOJI, _PARSING, comrak.RenderOptions())
    sign = html.removeprefix("<p>").removesuffix("</p>\n")
    return name if "<" in sign else sign


def _extensions(*, terms: bool) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.autolink = True
    options.cjk_friendly_emphasis = True
    options.description_lists = terms
    options.footnotes = True
    options.strikethrough = True
    options.table = True
    options.tasklist = True
    return options


def _rendering(*, escapes_apart: bool) -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.escaped_char_spans = escapes_apart
    options.sourcepos = True
    options.unsafe_ = True
    return options


def _emoji() -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.shortcodes = True
    return options


_EXTENSIONS = _extensions(terms=False)
_WITH_TERMS = _extensions(terms=True)
_EMOJI = _emoji()
_PARSING = comrak.ParseOptions()
_RENDERING = _rendering(escapes_apart=False)
_ESCAPES_APART = _rendering(escapes_apart=True)
