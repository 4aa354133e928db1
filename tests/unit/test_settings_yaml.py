"""YAML: plain values with lines, and nothing that a settings file has no use for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import SettingsError
from config.yaml import MAX_BYTES, Document, parse_yaml, read_yaml


def refusal(text: str) -> tuple[int, str, str]:
    """Parse what must be refused; answer line, key and words of its first problem."""
    with pytest.raises(SettingsError) as refused:
        parse_yaml(text, "x.yaml")
    problem = refused.value.problems[0]
    return problem.line, problem.key, problem.words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"),
        ("no", "no"),
        ("17:00", "17:00"),
        ("2026-11-20", "2026-11-20"),
        ("0123", "0123"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("'null'", "null"),
        ('"12"', "12"),
        ("12345678901234567890", "12345678901234567890"),
        ("! 12", 12),
    ],
)
def test_scalars_follow_yaml_1_2(text, value):
    """Words stay words; only plain numbers, booleans and null are more."""
    found = parse_yaml(f"key: {text}", "").values["key"]

    assert found == value
    assert type(found) is type(value)


def test_every_key_and_item_knows_its_line():
    """Lines count from 1; a path without a line of its own has that of what is around it."""
    document = parse_yaml("a:\n  - x\n  - {b: 1,\n     c: 2}\n", "")

    assert document.line(("a",)) == 1
    assert document.line(("a", 1)) == 3
    assert document.line(("a", 1, "c")) == 4
    assert document.line(("a", 1, "missing", "deeper")) == 3
    assert document.line(("nowhere",)) == 0
    assert Document().line(("a",)) == 0


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: &x 2\n", 2, "anchor &x"),
        ("a: 1\nb: *x\n", 2, "alias *x"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "tags"),
        ("a: !env TOKEN\n", 1, "tags"),
        ("a: !!map {}\n", 1, "tags"),
        ("- a\n- b\n", 1, "keys and values"),
        ("just words", 1, "keys and values"),
        ("a: 1\nb: [1, 2\n", 3, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "not valid YAML"),
        ("a: 1\nb: \x01\n", 2, "control character"),
        ("a: 1\n---\nb: 2\n", 2, "not valid YAML"),
        ("[a, b]: 1\n", 1, "must be a word"),
        ("a: " + "[" * 30 + "]" * 30, 1, "nested deeper"),
        ("a: " + "{x: " * 5000 + "}" * 5000, 1, "nested deeper"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(text, line, words):
    """No tags, no aliases, no depth without end, one document."""
    found = refusal(text)

    assert found[0] == line
    assert words in found[2]


def test_a_bomb_of_aliases_never_unfolds():
    """Nine levels of nine aliases would be a billion words; it is refused at the first anchor."""
    lines = ["a0: &a0 [x, x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)
    ]

    assert refusal("\n".join(lines)) == (
        1,
        "",
        "anchor &a0: anchors are not read here; remove it",
    )


def test_a_key_that_is_given_twice_names_both_lines():
    """PyYAML would have taken the last one in silence."""
    assert refusal("a: 1\nb: {c: 1, c: 2}\n") == (2, "b.c", "is given twice, first on line 2")


def test_a_file_that_cannot_be_read_says_so(tmp_path):
    """Missing, a folder, too large, or not UTF-8: each in words, none as a traceback."""
    large, latin = tmp_path / "large.yaml", tmp_path / "latin.yaml"
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    latin.write_bytes("name: Zürich".encode("latin-1"))

    for path, words in (
        (tmp_path / "missing.yaml", "No such file"),
        (tmp_path, "directory"),
        (large, "larger than 1 MB"),
        (latin, "not UTF-8"),
    ):
        with pytest.raises(SettingsError) as refused:
            read_yaml(path)
        assert str(refused.value).startswith(str(path))
        assert words in str(refused.value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    """Nothing but a SettingsError ever comes out of a file."""
    try:
        document = parse_yaml(text, "")
    except SettingsError:
        return
    else:
        assert set(document.values) == {path[0] for path in document.lines if len(path) == 1}
