"""Tables: table blocks where Slack takes them, else the rows as a list that reads well.

Pure.
"""

from collections.abc import Iterator, Sequence

from formatters.document import Align, Cell, Image, Span, Table
from formatters.message import Block, JSONValue
from formatters.slack import numbers
from formatters.slack.limits import faults, json_size, weight
from formatters.slack.pieces import Bullet, Piece, Text, Whole
from formatters.slack.spans import plain, run_json, runs

# A table shares its message with what stands around it.
_MOST_JSON = numbers.MESSAGE_JSON.most * 3 // 4
_MOST_WEIGHT = numbers.MESSAGE_WEIGHT.most * 3 // 4
_MOST_BLOCKS = 4
_EMPTY: Block = {"type": "raw_text", "text": " "}
_BETWEEN = Span(" · ")


def table_pieces(table: Table, *, list_id: int) -> Iterator[Piece]:
    """Make the pieces of a table: a block, a few with the header on each, or a list.

    Pictures are left to the caller (`pictures`): no table of Slack's shows any.
    """
    header = [table.header] if any(map(runs, table.header)) else []
    rows = [row for row in table.rows if any(map(runs, row))]
    width = max(map(len, (*header, *rows)), default=0)
    if width == 1:
        yield from (Text(runs(row[0])) for row in (*header, *rows))
    elif width:
        found = _blocks(header, rows, table.aligns, _MOST_BLOCKS)
        yield from map(Whole, found) if found else _listed(table, list_id)


def _blocks(
    header: Sequence[Sequence[Cell]],
    rows: Sequence[Sequence[Cell]],
    aligns: Sequence[Align],
    most: int,
) -> list[Block]:
    """At most so many blocks that hold the rows, [] if there are none such.

    A message has room for one table, so that what is much longer reads better as a list.
    """
    block = _block((*header, *rows), aligns, has_header=bool(header))
    if (
        not faults([block])
        and json_size(block) <= _MOST_JSON
        and weight([block]) <= _MOST_WEIGHT
    ):
        return [block]
    if most < 2 or len(rows) < 2:  # noqa: PLR2004 - nothing to part
        return []
    middle = (len(rows) + 1) // 2
    first = _blocks(header, rows[:middle], aligns, most // 2)
    second = first and _blocks(header, rows[middle:], aligns, most // 2)
    return [*first, *second] if second else []


def pictures(table: Table) -> Iterator[Image]:
    """Give the pictures in a table's cells, in reading order."""
    for row in (table.header, *table.rows):
        for cell in row:
            yield from (inline for inline in cell if isinstance(inline, Image))


def _block(
    rows: Sequence[Sequence[Cell]], aligns: Sequence[Align], *, has_header: bool
) -> Block:
    width = max(map(len, rows))
    made: list[JSONValue] = [
        [
            _cell(cell, bold=has_header and not position)
            for cell in (*row, *[()] * (width - len(row)))
        ]
        for position, row in enumerate(rows)
    ]
    settings: list[JSONValue] = [{"align": align.value, "is_wrapped": True} for align in aligns]
    block: dict[str, JSONValue] = {"type": "table", "rows": made}
    if settings:
        block["column_settings"] = settings[:width]
    return block


def _cell(cell: Cell, *, bold: bool) -> Block:
    found = runs(cell)
    if not found:
        return _EMPTY
    if not bold and all(span == Span(span.text) for span in found):
        return {"type": "raw_text", "text": plain(found)}
    spans = [span._replace(bold=span.bold or bold) for span in found]
    inner: Block = {"type": "rich_text_section", "elements": [run_json(s) for s in spans]}
    return {"type": "rich_text", "elements": [inner]}


def _listed(table: Table, list_id: int) -> Iterator[Piece]:
    if header := _line(table.header, bold=True):
        yield Text(header)
    for number, row in enumerate(filter(lambda row: any(map(runs, row)), table.rows), start=1):
        yield Bullet(_line(row), list_id, number)


def _line(row: Sequence[Cell], *, bold: bool = False) -> tuple[Span, ...]:
    spans: list[Span] = []
    for cell in row:
        if found := runs(cell):
            spans += [_BETWEEN] if spans else []
            spans += [span._replace(bold=span.bold or bold) for span in found]
    return tuple(spans)
