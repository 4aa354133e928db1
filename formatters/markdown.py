"""Markdown to the HTML that its page would show.

The only home of comrak. The result is read by `formatters.html`, never shown: it holds the
authors' own HTML as they wrote it.
"""

import comrak


def to_html(markdown: str) -> str:
    """Render CommonMark with GitHub's extensions; linear in the length of the text.

    Emphasis next to Chinese, Japanese and Korean letters follows the CJK-friendly amendment, as
    the newsletters' authors see it in their editors. Block tags carry `data-sourcepos`, lines
    counted from 1 within `markdown`.
    """
    # Stars with a backslash stay stars, and can be told from marks that are left over.
    rendering = _ESCAPES_APART if "\\*" in markdown else _RENDERING
    html: str = comrak.render_markdown(markdown, _EXTENSIONS, _PARSING, rendering)
    return html


def _extensions() -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.autolink = True
    options.cjk_friendly_emphasis = True
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


_EXTENSIONS = _extensions()
_PARSING = comrak.ParseOptions()
_RENDERING = _rendering(escapes_apart=False)
_ESCAPES_APART = _rendering(escapes_apart=True)
