"""A post taken apart: which form of header it has, what that says, and where the text begins.

The only home of python-frontmatter. Pure.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import yaml
from frontmatter import default_handlers as handlers

Values: TypeAlias = Mapping[str, object]
"""A header as its format gives it: keys in small letters, values unread."""

MAX_CHARS = 16 * 1024  # of a header; real ones stay under 2,000
_MAX_BRACKETS = 500  # YAML's reader takes the square of their depth: 10 s for 9,000
_DEEP = re.compile(r"^[ ?-]{200}", re.MULTILINE)
"""libyaml takes a level of the stack for each sign of it; the slow reader tells instead."""
_AHEAD = 2_000  # characters that may be comments before the first key
_KEYS_WITHIN = 4  # lines that are no comment: later than that no header begins
_FRONT = re.compile(r"^(?:-{3,}|\.{3})[ \t]*$", re.MULTILINE)
_YAML = handlers.YAMLHandler(fm_boundary=_FRONT)
_TOML = handlers.YAMLHandler(fm_boundary=re.compile(r"^\+{3,}[ \t]*$", re.MULTILINE))
_QUICK = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Text for every scalar, by libyaml where it is there."""

_FENCE = re.compile(r"(-{3,}|\+{3,})[ \t]*(yaml|yml|toml|json)?[ \t]*", re.IGNORECASE)
_KEY_LINE = re.compile(r"""[ \t]*["'{]?[ \t]*["']?[A-Za-z][\w-]*["']?[ \t]*[:=：]""")
_JSON_START = re.compile(r"""\{\s*["'][\w-]+["']\s*:""")
_JSON_KEY = re.compile(r'"(?:title|date)"\s*:', re.IGNORECASE)
_PLAIN_LINE = re.compile(r"(?:\.\.[ \t]+)?([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?$")
_TIGHT_LINE = re.compile(
    r"(title|date|authors?|tags|category|slug|summary|status|lang|number):(.*)$", re.IGNORECASE
)
_WIDE_COLON = re.compile(r"^[ \t]*[A-Za-z][\w-]*[ \t]*：", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Front:
    """`form` is yaml, toml, json, lines, comment, or "" without a header; `body` an end piece."""

    form: str
    values: Values
    body: str


class FrontError(ValueError):
    """A header that cannot be read; `line` counts from its first line, 1."""

    def __init__(self, line: int, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line, self.problem, self.remedy = line, problem, remedy


def front_of(text: str) -> Front:
    r"""Take a text apart that begins with its first sign and has `\n` line ends.

    YAML between `---`, TOML between `+++`, either or JSON between `---` with its name (`---toml`),
    JSON in braces, `Key: value` lines (Pelican, MultiMarkdown, MkDocs) that may end with `---`
    (Hexo), the same in a comment (Nikola), or none at all.

    Raises:
        FrontError: there is a header, and it cannot be read.
    """
    first = text.partition("\n")[0]
    fence = _FENCE.fullmatch(first.rstrip())
    if fence:
        return _fenced(text, fence[1], (fence[2] or "").lower())
    if _JSON_START.match(text[:MAX_CHARS]):
        return _braces(text)
    return _comment(text) if first.rstrip() == "<!--" else _lines(text)


# ------------------------------------------------------------------ between fences


def _fenced(text: str, fence: str, named: str) -> Front:
    if not _begins(text):
        return Front("", {}, text)  # a rule, then prose
    handler = _TOML if fence[0] == "+" else _YAML
    try:
        raw, body = _between(text, handler)
    except ValueError:
        remedy = f"Repeat the line {fence} after its last key"
        raise FrontError(1, "the header has no end", remedy) from None
    form = named.replace("yml", "yaml") or ("toml" if handler is _TOML else "yaml")
    found = parsed(raw, form)
    if not isinstance(found, Mapping):
        return Front("", {}, text)  # prose between two rules
    return Front(form, _small(found), body)


def _begins(text: str) -> bool:
    """Whether a key stands on one of the first lines below the first fence."""
    second = text.find("\n") + 1
    if second and _KEY_LINE.match(text, second):
        return True
    lines = [line for line in text[:_AHEAD].split("\n")[1:] if line.strip(" \t{")]
    keys = [line for line in lines if not line.lstrip().startswith("#")][:_KEYS_WITHIN]
    return any(map(_KEY_LINE.match, keys))


def _between(text: str, handler: handlers.BaseHandler) -> tuple[str, str]:
    """What stands between the fences, from the first one's line on, and what follows."""
    first, rest = text.split("\n", 1)
    # The first fence may name its format, which python-frontmatter does not know.
    raw, body = handler.split(f"{first[:3]}\n{rest}")
    return raw, body.removeprefix("\n")


def parsed(raw: str, form: str) -> object:
    """What the header's own format makes of it.

    Args:
        raw: from the end of the first fence's line on, so that lines are counted from 1.
        form: yaml, toml or json.

    Raises:
        FrontError: it is not of that format, or larger than any header.
    """
    if len(raw) > MAX_CHARS or max(raw.count("["), raw.count("{")) > _MAX_BRACKETS:
        raise FrontError(1, "the header is too long", "Close it above the text")
    try:
        if form == "toml":
            return tomllib.loads(raw)
        return json.loads(raw) if form == "json" else _yaml(raw)
    except yaml.MarkedYAMLError as error:
        line = _line_of(error)
        problem = f"the header is no YAML ({error.problem or error.context})"
        raise FrontError(line, problem, _remedy(raw, line)) from error
    except (yaml.YAMLError, RecursionError) as error:
        form = form.upper()
        raise FrontError(
            1, f"the header is no {form}", "Write one key: value a line"
        ) from error
    except ValueError as error:
        problem = f"the header cannot be read ({error})"
        line = raw.count("\n") if "end of document" in problem else _line_named(problem)
        raise FrontError(line, problem, "Mend that line") from error


def _yaml(raw: str) -> object:
    """Quickly, if it can be done so; else slowly, with errors in the words of one reader."""
    if not _DEEP.search(raw):
        try:
            return _YAML.load(raw, Loader=_QUICK)
        except yaml.YAMLError:
            pass  # told below
    # A tab at a line's end, which only this one refuses, is no author's intention.
    return _YAML.load(
        "\n".join(line.rstrip() for line in raw.split("\n")), Loader=yaml.BaseLoader
    )


def _line_of(error: yaml.MarkedYAMLError) -> int:
    """The line to mend: where an open quote began, not where the header ran out."""
    mark = error.context_mark if "end of stream" in str(error.problem) else error.problem_mark
    return mark.line + 1 if mark else 1


def _line_named(words: str) -> int:
    """The line that tomllib and json name in their messages, and nowhere else."""
    found = re.search(r"line (\d{1,6})", words)
    return int(found[1]) if found else 1


def _remedy(raw: str, line: int) -> str:
    """What to do, from what stands there."""
    above = "\n".join(raw.split("\n")[max(line - 2, 0) : line])
    if _WIDE_COLON.search(above):
        return "Write a plain colon and a space after the key, not the full-width one"
    if "\t" in above:
        return "Indent with spaces, not with tabs"
    return "Put the value in quotes if it holds a colon or a quote"


def _small(found: Mapping[str, object]) -> dict[str, object]:
    return {str(key).casefold(): value for key, value in found.items()}


# ------------------------------------------------------------------ without fences


def _braces(text: str) -> Front:
    """JSON, to where its brace closes. Text for people may begin with a brace as well."""
    head = text[:MAX_CHARS]
    if not text.startswith("{\n") and not _JSON_KEY.search(head):
        return Front("", {}, text)
    if max(head.count("["), head.count("{")) > _MAX_BRACKETS:
        raise FrontError(1, "the header is too long", "Close it above the text")
    try:
        found, end = json.JSONDecoder().raw_decode(head)
    except ValueError as error:
        if "\n}" not in head:
            remedy = "Repeat the line } after its last key"
            raise FrontError(1, "the header has no end", remedy) from None
        problem = f"the header cannot be read ({error})"
        raise FrontError(_line_named(str(error)), problem, "Mend that line") from error
    return Front("json", _small(found), text[end:].removeprefix("\n"))


def _comment(text: str) -> Front:
    """Nikola's `.. key: value` lines in a comment."""
    end = text.find("-->", 0, MAX_CHARS)
    values, rest = _plain(text[text.find("\n") + 1 : end]) if end > 0 else ({}, "")
    if rest.strip() or not _is_header(values):
        return Front("", {}, text)
    return Front("comment", values, text[end + len("-->") :].removeprefix("\n"))


def _lines(text: str) -> Front:
    """`Key: value` lines down to the first line that is none.

    Prose may begin like that too (`Note: ...`), so a title or a date is asked for.
    """
    head = text[:MAX_CHARS]
    values, rest = _plain(head)
    if not values:
        return Front("", {}, text)
    fence = _FRONT.search(head)
    if fence and "\n\n" not in head[: fence.start()]:
        return _hexo(text, fence.start(), fence.end(), values)
    body = text[len(head) - len(rest) :]
    return Front("lines", values, body) if _is_header(values) else Front("", {}, text)


def _hexo(text: str, start: int, end: int, values: Values) -> Front:
    """YAML, or else plain lines, that only end with a fence."""
    try:
        found = parsed(text[:start], "yaml")
    except FrontError:
        found = values
    if not isinstance(found, Mapping) or not _is_header(_small(found)):
        return Front("", {}, text)
    form = "lines" if found is values else "yaml"
    return Front(form, _small(found), text[end:].removeprefix("\n"))


def _plain(text: str) -> tuple[dict[str, str], str]:
    """Keys with their values, and the text from the first line on that is neither."""
    values: dict[str, str] = {}
    key, at = "", 0
    for line in text.split("\n"):
        found = _PLAIN_LINE.match(line.rstrip()) or _TIGHT_LINE.match(line.rstrip())
        if found:
            key = found[1].casefold()
            values[key] = (found[2] or "").strip()
        elif key and line.strip() and line[0] in " \t":
            values[key] = f"{values[key]} {line.strip()}".strip()
        else:
            break
        at += len(line) + 1
    return values, text[at:]


def _is_header(values: Mapping[str, object]) -> bool:
    return bool({"title", "date"} & values.keys())
