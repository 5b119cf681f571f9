"""A file that a person hands over may be anything. It is read, or refused at once with one error that says where."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workflows import toml
from workflows.toml import FileError, FileSyntax, parse_toml, read_toml
from workflows.toml_scan import DEEPEST, MOST_KEYS, Scan


def refused(folder: Path, raw: bytes) -> FileError:
    """The error a file's bytes come to."""
    path = folder / "file.toml"
    path.write_bytes(raw)
    with pytest.raises(FileError) as caught:
        read_toml(path, "file.toml")
    assert caught.value.exit_code == 2
    assert caught.value.file == "file.toml"
    return caught.value


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_a_byte_order_mark_makes_no_difference(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "file.toml"
    path.write_bytes(mark + 'name = "Tây Hồ"\r\n'.encode())

    assert read_toml(path).data == {"name": "Tây Hồ"}


def test_a_missing_file_is_named() -> None:
    with pytest.raises(toml.FileMissing) as caught:
        read_toml(Path("nowhere/at-all.toml"))

    assert caught.value.code == "E-FILE-MISSING"
    assert caught.value.file == str(Path("nowhere/at-all.toml"))


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(toml.FileNotRegular) as caught:
        read_toml(tmp_path)

    assert (caught.value.code, caught.value.kind) == ("E-FILE-KIND", "folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")

    with pytest.raises(toml.FileNotRegular) as caught:
        read_toml(tmp_path / "pipe.toml")

    assert caught.value.kind == "other"


def test_a_link_is_followed_and_a_ring_of_links_refused(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text("a = 1", encoding="utf-8")
    try:
        (tmp_path / "link.toml").symlink_to(tmp_path / "real.toml")
        (tmp_path / "ring.toml").symlink_to(tmp_path / "ring.toml")
    except OSError:
        pytest.skip("links need a right here that this user does not have")

    assert read_toml(tmp_path / "link.toml").data == {"a": 1}
    with pytest.raises(toml.FileNotReadable) as caught:
        read_toml(tmp_path / "ring.toml")
    assert caught.value.code == "E-FILE-ACCESS"


def test_a_name_with_a_nul_in_it_is_refused() -> None:
    with pytest.raises(FileError):
        read_toml(Path("a\0b.toml"))


def test_ten_megabytes_are_not_even_read(tmp_path: Path) -> None:
    error = refused(tmp_path, b"# " + b"x" * 10 * 1024 * 1024)

    assert error.code == "E-FILE-SIZE"
    assert isinstance(error, toml.FileTooLarge)
    assert error.limit == 1024 * 1024


@pytest.mark.parametrize(
    "raw",
    [
        b"a = " + b"[" * 100_000,
        b"a = " + b"[" * 100_000 + b"]" * 100_000,
        b"a = " + b"{a=" * 100_000,
        b"a" + b".a" * 100_000 + b" = 1",
        b"[" + b"a." * 100_000 + b"a]",
        b"x = {" + b"a." * 50_000 + b"a = 1}",
    ],
    ids=["open brackets", "nested arrays", "nested tables", "a dotted key", "a dotted header", "a dotted key inside"],
)
def test_what_nests_deeply_is_refused_before_it_is_parsed(tmp_path: Path, raw: bytes) -> None:
    error = refused(tmp_path, raw)

    assert error.code == "E-FILE-DEPTH"
    assert isinstance(error, toml.FileTooDeep)
    assert (error.line, error.limit) == (1, DEEPEST)


def test_too_many_keys_are_refused_with_the_line(tmp_path: Path) -> None:
    error = refused(tmp_path, b"".join(b"k%d=1\n" % n for n in range(MOST_KEYS + 10)))

    assert error.code == "E-FILE-KEYS"
    assert isinstance(error, toml.FileTooManyKeys)
    assert error.line == MOST_KEYS + 1


@pytest.mark.parametrize("items", ["1,", "[],", "{},", '"x",'])
def test_too_many_items_of_a_list_are_refused_as_too_many_keys_are(tmp_path: Path, items: str) -> None:
    error = refused(tmp_path, f"x = [\n{items * MOST_KEYS}]\n".encode())

    assert error.code == "E-FILE-KEYS"
    assert isinstance(error, toml.FileTooManyKeys)
    assert error.line == 2


def test_nesting_inside_texts_and_comments_does_not_count(tmp_path: Path) -> None:
    text = f'a = \'{"[" * 100}\'\nb = """\n{"[" * 100} \\""" {"{" * 100}\n"""\n# {"[" * 100}\nc = \'\'\'{"[" * 99}\'\'\'\n'

    data, _ = parse_toml(text, "file.toml")

    assert data["a"] == "[" * 100


@pytest.mark.parametrize(
    ("raw", "guess"),
    [
        ("a = 1\nname = 'Tây Hồ'\n".encode("cp1258", errors="replace") + b"\xff", None),
        ("name = 'Tây Hồ'".encode("utf-16"), "UTF-16"),
        (b"a = 1\nb = '\xc3'\n", None),
        (b"a = '\xed\xa0\x80'", None),
    ],
    ids=["another code page", "UTF-16", "cut in a letter", "a lone surrogate"],
)
def test_another_encoding_is_told_with_its_line(tmp_path: Path, raw: bytes, guess: str | None) -> None:
    error = refused(tmp_path, raw)

    assert error.code == "E-FILE-ENCODING"
    assert isinstance(error, toml.FileNotText)
    assert error.guess == guess


def test_the_line_of_a_wrong_byte_is_known(tmp_path: Path) -> None:
    error = refused(tmp_path, b"a = 1\nb = 2\nc = '\xff'\n")

    assert isinstance(error, toml.FileNotText)
    assert error.line == 3


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("a = 1\nb = \n", "value", 2),
        ("a = 1\nb\n", "key", 2),
        ("a = 'x\n", "string", 1),
        ('a = "x\\q"', "string", 1),
        ("a = [1, 2\n\n", "bracket", 3),
        ("a = 2021-02-30", "date", 1),
        ("[a\n", "bracket", 1),
        ("a = 1 b = 2", "statement", 1),
        ("a = 1\x00", "statement", 1),
        ("a = 'x\x00y'", "character", 1),
        ("= 1", "statement", 1),
        ('a = "\\uD800"', "escape", 1),
    ],
)
def test_what_is_not_toml_is_told_with_kind_and_line(tmp_path: Path, text: str, kind: str, line: int) -> None:
    error = refused(tmp_path, text.encode())

    assert error.code == "E-FILE-SYNTAX"
    assert isinstance(error, FileSyntax)
    assert (error.kind, error.line) == (kind, line)


def test_a_number_of_thousands_of_digits_is_told(tmp_path: Path) -> None:
    error = refused(tmp_path, b"a = " + b"9" * 10_000)

    assert isinstance(error, FileSyntax)
    assert error.kind == "number"


@pytest.mark.parametrize(
    "text", ["a = 1\na = 2", "[t]\nx = 1\n[t]\n", "a.b = 1\na.b = 2", "a = {x = 1, x = 2}", "a = []\n[[a]]\n"]
)
def test_what_is_declared_twice_has_a_code_of_its_own(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text.encode()).code == "E-FILE-TWICE"


def test_each_key_has_its_line() -> None:
    text = 'id = "x"\n[states.a]\ndue = 1 # due = 2\n[[t]]\nk = ["x",\n"y"]\n[[t]]\nk = { a = 1 }\nl = [{ b = 1 },\n{ b = 2 }]\n'

    lines = Scan(text).run()

    assert lines["id",] == 1
    assert lines["states", "a", "due"] == 3
    assert lines["t", 0, "k"] == 5
    assert lines["t", 1, "k", "a"] == 8
    assert lines["t", 1, "l", 1, "b"] == 10


@given(st.text(alphabet="ab.=[]{}\"'#\n,\\ 1\t", max_size=200))
@settings(max_examples=300)
def test_whatever_the_text_there_is_data_or_one_error(text: str) -> None:
    try:
        data, _ = parse_toml(text, "file.toml")
    except FileError as error:
        code = error.code
    else:
        code = "E-FILE-NONE" if data == tomllib.loads(text) else "another reading"

    assert code.startswith("E-FILE-")


def paths(data: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every key."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        if isinstance(data, dict):
            yield (*at, key)
        yield from paths(value, (*at, key))


PIECES = [
    "a",
    "b",
    "a.b",
    '"x y"',
    "'[#'",
    " = ",
    "1",
    '"t"',
    "\n",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ", ",
    "# c\n",
    '"""',
    "'''",
    "\\",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(max_examples=500)
@example('a = """\\""""""\nb = 1')
@example("[a]\nb = [[1], [2], {c = 1}]\n[[a.d]]\n[[a.d]]\ne.f = '''x''''\n")
def test_of_what_is_toml_every_key_has_a_line(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return

    lines = Scan(text).run()

    assert [path for path in paths(data) if path not in lines] == []
