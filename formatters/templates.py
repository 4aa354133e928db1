"""Templates: Jinja2, of which those that maintainers write may use only a part.

Pure, and the same values always give the same words. A template fills in, chooses (`if`) and
lists (`for`); it calls nothing, keeps nothing and has no loop inside a loop, so that it ends
after a few steps whatever is in it. What it may not do is found when it is read, with its line.
"""

import re
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from string import punctuation
from typing import TypeAlias

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_SOURCE = 4_000
"""Characters of one template."""
MAX_WRITTEN = 6_000
"""Characters that one template may write."""

Renderer: TypeAlias = Callable[[Mapping[str, object]], str]

_FILE = "<template>"
FILTERS = frozenset(
    (
        *("capitalize", "default", "first", "join", "last", "length", "lower", "sort"),
        *("title", "trim", "truncate", "upper"),
    )
)
_OF_LOOP = frozenset(("index", "index0", "revindex", "first", "last", "length"))
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.For),
    *(nodes.Const, nodes.Compare, nodes.Operand, nodes.Test, nodes.And, nodes.Or, nodes.Not),
    *(nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg, nodes.List, nodes.Tuple, nodes.Keyword),
    *(nodes.Slice, nodes.Name, nodes.Filter, nodes.Getattr, nodes.Getitem),
)
_MARKS = re.compile(f"([{re.escape(punctuation)}])")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_UNFIT = re.compile(r"[\s<>\\\x00-\x1f\x7f]")


class Address(str):
    """A web address: in Markdown a link by itself, and the target between round brackets."""

    __slots__ = ()


class BadTemplateError(ValueError):
    """A template that cannot be used. `line` counts from 1, 0 where the whole is meant."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line = line
        self.words = words


@dataclass(frozen=True, slots=True)
class Sentences:
    """A template that was read and found good. `names` are the values that it uses."""

    renderer: Renderer
    names: frozenset[str]

    def write(self, values: Mapping[str, object]) -> str:
        """Fill in.

        Args:
            values: at least all `names`; texts, numbers, lists of texts, None or an `Address`.

        Raises:
            BadTemplateError: it fails on these values, or writes more than MAX_WRITTEN.
        """
        try:
            said = self.renderer(values)
        except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
            raise BadTemplateError(_line_of(error), f"fails: {error}") from error
        if len(said) > MAX_WRITTEN:
            words = f"writes {len(said):,} characters, {MAX_WRITTEN:,} are the most"
            raise BadTemplateError(0, words)
        return said


def own(text: str, finalize: Callable[[object], object] | None = None) -> Renderer:
    """Make a sentence of ours; `finalize` has the last word on each value."""
    return _environment(finalize).from_string(text).render


def read_template(text: str, known: Collection[str], *, markdown: bool) -> Sentences:
    """Read a template that a maintainer wrote.

    Args:
        text: its source.
        known: names of the values that it may use.
        markdown: it writes Markdown, in which values stay plain words; else it writes words.

    Raises:
        BadTemplateError: it is no template, or does what none may.
    """
    if len(text) > MAX_SOURCE:
        raise BadTemplateError(0, f"is longer than {MAX_SOURCE:,} characters")
    environment = _environment(_in_markdown if markdown else _in_words)
    try:
        tree = environment.parse(text)
        for line, words in _faults(tree, known):
            raise BadTemplateError(line, words)
        code = environment.compile(tree, filename=_FILE)
    except TemplateSyntaxError as error:
        raise BadTemplateError(error.lineno, error.message or "is no template") from error
    template = environment.template_class.from_code(environment, code, {})
    return Sentences(template.render, frozenset(meta.find_undeclared_variables(tree)))


def names_in(text: str) -> frozenset[str]:
    """The names of the values that a template uses.

    Raises:
        jinja2.TemplateSyntaxError: it is none.
    """
    return frozenset(meta.find_undeclared_variables(_environment(None).parse(text)))


def _environment(
    finalize: Callable[[object], object] | None,
) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        autoescape=False,  # HTML's escapes are not Slack's: `finalize` has those
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _in_words(value: object) -> str:
    """A value on one line; a list with commas, nothing for None."""
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    return "" if value is None else " ".join(_UNSEEN.sub("", str(value)).split())


def _in_markdown(value: object) -> str:
    """A value that stays what it is in Markdown, wherever in a line it stands."""
    if isinstance(value, Address):
        return f"<{_UNFIT.sub('', value)}>" if value else ""
    return _MARKS.sub(r"\\\1", _in_words(value))


def _line_of(error: BaseException) -> int:
    """The line of the template in which an error arose."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in reversed(frames) if f.filename == _FILE), 0)


# ------------------------------------------------------------------ what a template may do


def _faults(tree: nodes.Template, known: Collection[str]) -> Iterator[tuple[int, str]]:
    names = list(tree.find_all(nodes.Name))
    own_names = {"loop", *(name.name for name in names if name.ctx == "store")}
    for name in names:
        if name.name not in known and name.name not in own_names:
            yield name.lineno, f"there is no '{name.name}'; {nearest(name.name, known)}"
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            what = type(node).__name__.lower()
            yield node.lineno, f"'{what}' is not allowed: fill in, choose or list"
        elif words := _broken_rule(node):
            yield node.lineno, words


def _broken_rule(node: nodes.Node) -> str:
    match node:
        case nodes.Filter():
            return _filter(node)
        case nodes.Getattr():
            return _part(node)
        case nodes.Getitem():
            return _place(node)
        case nodes.For():
            return _loop(node)
        case _:
            return ""


def _filter(node: nodes.Filter) -> str:
    if node.name not in FILTERS:
        return f"the filter '{node.name}' is not allowed; {nearest(node.name, FILTERS)}"
    given = [*node.args, *(pair.value for pair in node.kwargs)]
    is_spread = node.dyn_args is not None or node.dyn_kwargs is not None
    if is_spread or not all(isinstance(value, nodes.Const) for value in given):
        return f"what stands behind '{node.name}' must be written out"
    return ""


def _part(node: nodes.Getattr) -> str:
    whole = node.node
    of_loop = isinstance(whole, nodes.Name) and whole.name == "loop"
    if of_loop and node.attr in _OF_LOOP:
        return ""
    return f"'.{node.attr}' is not allowed: values have no parts"


def _place(node: nodes.Getitem) -> str:
    if _is_place(node.arg):
        return ""
    return "only places such as [0] or [:20] are allowed between square brackets"


def _is_place(node: nodes.Expr) -> bool:
    if isinstance(node, nodes.Slice):
        return all(_is_place(p) for p in (node.start, node.stop, node.step) if p is not None)
    inner = node.node if isinstance(node, nodes.Neg) else node
    return isinstance(inner, nodes.Const) and isinstance(inner.value, int)


def _loop(node: nodes.For) -> str:
    inner = node.find(nodes.For)
    return "a loop may not stand inside a loop" if node.recursive or inner else ""


def nearest(name: str, known: Collection[str]) -> str:
    """Say which of the known names was meant, or tell them all."""
    near = get_close_matches(name, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(known))}"
