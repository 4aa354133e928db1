"""What fits a message is reckoned from texts, and agrees with what Slack would count."""

import pytest

from formatters.document import Span
from formatters.message import Block
from formatters.slack.limits import BLOCK_FRAME, json_size, weight
from formatters.slack.loads import Load, at_most, load, load_of, sized
from formatters.slack.pieces import Bullet, Code, Quoted, Rich, Text, Whole, assemble
from formatters.slack.spans import tidy

RUNS = (
    Span('plain "quoted" \\ <b> & 中文\t😀'),
    Span("bold", bold=True),
    Span("all", bold=True, italic=True, strike=True, code=True, url='https://a.example/"&b'),
    Span("\nend"),
)
PIECES: list[Rich] = [
    Text(RUNS),
    Text(RUNS[:1]),
    Quoted(RUNS, 1),
    Code("a & b\n\n中文"),
    Code("a", quoted=True),
    Bullet(RUNS, 1),
    Bullet(RUNS, 1, number=17, ordered=True, indent=3, quoted=True),
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_alone_uses_up_what_its_block_does_and_a_gap(piece):
    """The reckoning is exact but for the room of a line end behind each piece."""
    blocks = assemble([piece])
    gap = json_size([{"type": "text", "text": "\n\n"}])
    reckoned = load(sized(piece), None)
    assert reckoned.json - gap == json_size(blocks)
    assert reckoned.weight - 2 == weight(blocks)
    assert reckoned.blocks == 1


@pytest.mark.parametrize("above", [*PIECES, Whole({"type": "divider"})])
@pytest.mark.parametrize("piece", PIECES)
def test_two_pieces_never_use_up_more_than_was_reckoned(above, piece):
    """Whatever stands above it, with or without joining."""
    reckoned = load(sized(above), None).plus(load(sized(piece), above))
    blocks = assemble([above, piece])
    assert json_size(blocks) <= reckoned.json
    assert weight(blocks) <= reckoned.weight
    assert len(blocks) <= reckoned.blocks


@pytest.mark.parametrize("above", [*PIECES, Whole({"type": "divider"})])
@pytest.mark.parametrize(
    "piece", [*PIECES, Text(RUNS[:1], opens=True), Whole({"type": "divider"})]
)
def test_one_sum_for_all_pieces_is_never_less_than_what_each_adds(above, piece):
    """Wherever headings part them: what is said to fit at a glance fits when it is packed."""
    first = load(sized(above), None)
    for before in (above, None) if piece.opens else (above,):
        each = first.plus(load(sized(piece), before))
        assert all(
            one >= other for one, other in zip(at_most([above, piece]), each, strict=True)
        )


def test_one_sum_for_all_pieces_is_little_more_than_what_each_adds():
    """Or hardly any issue would be seen to fit at a glance."""
    every: list[Rich] = [one for piece in PIECES for one in (piece, piece)]
    each = Load.total(
        [load(sized(piece), above) for above, piece in zip((None, *every), every, strict=False)]
    )
    assert at_most(every).json <= each.json + 2 * len(every)


def test_runs_that_could_be_merged_count_for_more():
    """Whoever makes pieces need not merge: it only costs a little room."""
    loose = (Span("a"), Span("b"))
    assert load(sized(Text(loose)), None).json > load(sized(Text(tidy(loose))), None).json


def test_finished_blocks_count_with_their_frames_and_tables():
    """A table is counted, for a message may hold one."""
    table: Block = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
    assert load_of([table]) == Load(json_size([table]), 1 + BLOCK_FRAME, 1, 1)
