"""The files that a log rests on: what a folder holds of what was named by its digest, and what it does not."""

from __future__ import annotations

import csv
import io
import os
from hashlib import sha256
from pathlib import Path

import pytest

from engine import commands as cmd
from store.audit.errors import FileFailed
from store.audit.evidence import EvidenceChecked
from store.audit.folder import Folder, Unread, read_folder
from tests.cli.conftest import Shell
from tests.store.seasons import StoredSeason


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


def filed(season: StoredSeason, unit: str, text: str, on: str = "2021-03-01") -> int:
    """File a version of the report; which event it became."""
    done = season.do(cmd.FileDocument, unit, on, document="political_report", digest=digest(text))
    return done.events[-1].seq


def checked(season: StoredSeason, folder: Path, unit: str | None = None, under: str | None = None) -> EvidenceChecked:
    return EvidenceChecked(asked=season.desk.evidence(unit, under=under), folder=read_folder(str(folder)))


# Every store


def test_each_digest_is_found_by_what_is_in_a_file_wherever_it_lies(season: StoredSeason, papers: Path) -> None:
    (papers / "a" / "b").mkdir(parents=True)
    (papers / "a" / "b" / "báo cáo.docx").write_text("report")
    (papers / "copy of it").write_text("report")
    (papers / "other").write_text("something else")
    seq = filed(season, "north", "report")
    fact = season.do(
        cmd.RecordFact, "north", "2021-03-02", fact="delegates_summoned", value=150, evidence=digest("list")
    )  # fmt: skip
    season.do(cmd.RecordFact, "north", "2021-03-02", fact="sub_committees", value=True)
    answer = checked(season, papers)

    assert [(one.recorded.seq, one.name, one.version) for one in answer.found] == [(seq, "political_report", 1)]
    assert answer.folder.files[digest("report")] == ("copy of it", "a/b/báo cáo.docx")
    assert [(one.recorded.seq, one.name) for one in answer.missing] == [(fact.events[-1].seq, "delegates_summoned")]
    assert dict(answer.unnamed) == {digest("something else"): ("other",)}
    assert (answer.ok, answer.asked.without) == (False, 1)


def test_approved_versions_come_first_and_what_was_taken_back_is_still_asked_for(season: StoredSeason, papers: Path) -> None:
    fact = season.do(cmd.RecordFact, "north", "2021-03-01", fact="delegates_summoned", value=1, evidence=digest("list"))
    withdrawn = filed(season, "north", "wrong paper")
    season.do(cmd.Correct, "north", by="city", seq=withdrawn, withdraw=True, reason="wrong paper")
    right = filed(season, "north", "right paper", "2021-03-02")
    season.do(cmd.Correct, "north", by="city", seq=fact.events[-1].seq, value=150, reason="miscounted")
    season.do(cmd.ApproveDocument, "north", "2021-03-03", "city", document="political_report", decision="1/QĐ")
    told = season.desk.evidence().evidence

    assert [(one.recorded.seq, one.version, one.approved) for one in told] == [
        (right, 1, True),
        (fact.events[-1].seq, None, False),
        (withdrawn, 1, False),
    ]
    assert [[mark.code for mark in one.marks if mark.code != "late"] for one in told] == [[], ["corrected_by"], ["withdrawn_by"]]
    assert not checked(season, papers).ok


def test_an_approval_that_was_withdrawn_approves_nothing(season: StoredSeason) -> None:
    filed(season, "north", "paper")
    approval = season.do(cmd.ApproveDocument, "north", "2021-03-03", "city", document="political_report", decision="1/QĐ")
    season.do(cmd.Correct, "north", by="city", seq=approval.events[-1].seq, withdraw=True, reason="not yet")

    assert [one.approved for one in season.desk.evidence().evidence] == [False]


def test_only_a_unit_or_a_part_of_the_tree_is_asked_about(season: StoredSeason, papers: Path) -> None:
    (papers / "south.pdf").write_text("south")
    filed(season, "north", "north")
    filed(season, "south", "south")

    def units(**part: str) -> set[str]:
        return {one.recorded.unit for one in checked(season, papers, **part).asked.evidence}

    assert units() == units(under="city") == {"north", "south"}
    assert units(unit="north") == units(under="north") == {"north"}
    assert checked(season, papers, unit="south").ok
    north = checked(season, papers, unit="north")
    assert (north.ok, list(north.unnamed.values()), north.asked.narrowed) == (False, [("south.pdf",)], True)


def test_two_events_may_name_one_file(season: StoredSeason, papers: Path) -> None:
    (papers / "minutes.pdf").write_text("minutes")
    filed(season, "north", "minutes")
    filed(season, "south", "minutes")
    answer = checked(season, papers)

    assert (len(answer.found), answer.folder.count, answer.ok) == (2, 1, True)


def test_where_nothing_was_named_nothing_is_missing(season: StoredSeason, papers: Path) -> None:
    assert checked(season, papers).ok


# Folders


def test_a_large_file_is_read_in_portions_and_told_how_far(papers: Path) -> None:
    content = os.urandom(1 << 20) * 3 + b"end"
    (papers / "large").write_bytes(content)
    (papers / "small").write_text("small")
    heard: list[tuple[int, int]] = []
    found = read_folder(str(papers), lambda done, total: heard.append((done, total)))

    assert found.files[sha256(content).hexdigest()] == ("large",)
    assert [total for _, total in heard] == [len(content) + 5] * 5
    assert [done for done, _ in heard] == sorted({done for done, _ in heard})
    assert heard[-1][0] == len(content) + 5


def test_thousands_of_files_in_their_order(papers: Path) -> None:
    for number in range(3000):
        folder = papers / f"{number % 7}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:04}").write_text(f"{number}")
    found = read_folder(str(papers))
    listed = [path for paths in found.files.values() for path in paths]

    assert found.count == 3000
    assert listed == sorted(listed)


@pytest.fixture
def odd(papers: Path) -> Path:
    """A folder with links, a pipe, and a name from another age."""
    (papers / "true.pdf").write_text("true")
    (papers / "link.pdf").symlink_to(papers / "true.pdf")
    (papers / "nowhere").symlink_to(papers / "gone")
    (papers / "circle").symlink_to(papers, target_is_directory=True)
    os.mkfifo(papers / "pipe")
    return papers


@pytest.mark.skipif(os.name == "nt", reason="NOT TRIED: needs links, pipes and rights as POSIX has them")
def test_links_and_pipes_are_told_and_not_waited_for(odd: Path) -> None:
    found = read_folder(str(odd))

    assert dict(found.files) == {digest("true"): ("true.pdf",)}
    assert [(one.path, one.why) for one in found.unread] == [
        ("circle", "link"),
        ("link.pdf", "link"),
        ("nowhere", "link"),
        ("pipe", "special"),
    ]


@pytest.mark.skipif(os.name == "nt", reason="NOT TRIED: needs links, pipes and rights as POSIX has them")
def test_a_file_that_goes_away_or_may_not_be_read_stops_nothing(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (papers / "mine").write_text("mine")
    (papers / "theirs").write_text("theirs")
    (papers / "locked").mkdir()
    (papers / "locked" / "inside").write_text("inside")
    reading, listing = open, os.scandir

    def refuses(path: str, *how: object, **more: object) -> object:
        if str(path).endswith("theirs"):
            raise PermissionError(13, "Permission denied", path)
        return reading(path, *how, **more)  # type: ignore[call-overload]  # handed on

    def closed(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr("builtins.open", refuses)
    monkeypatch.setattr(os, "scandir", closed)
    found = read_folder(str(papers))

    assert dict(found.files) == {digest("mine"): ("mine",)}
    assert found.unread == (
        Unread("locked/", "refused", "Permission denied"),
        Unread("theirs", "refused", "Permission denied"),
    )


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileFailed):
        read_folder(str(tmp_path / "gone"))


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="NOT TRIED: these file systems take no such name")
def test_a_name_that_is_no_text_is_shown_and_its_file_found(pilots: Shell, papers: Path) -> None:
    Path(os.fsdecode(os.fsencode(papers) + b"/b\xe1o c\xe1o.doc")).write_text("report")
    pilots(
        "--as",
        "hoang-mai",
        "record",
        "hoang-mai",
        "delegates_summoned",
        "250",
        "--evidence",
        str(papers / "b\udce1o c\udce1o.doc"),
    )
    told = pilots("evidence", "check", "papers")
    written = pilots("--format", "json", "evidence", "check", "papers")

    assert (told.code, "b\\xe1o c\\xe1o.doc" in told.out) == (0, True), told
    assert written.json["evidence"][-1]["files"] == ["b\\xe1o c\\xe1o.doc"]


# The command line


@pytest.fixture
def secretary(pilots: Shell, papers: Path) -> Shell:
    """Hoàng Mai's list of delegates was recorded, and changed on the disk since; a paper of Tây Hồ's lies beside it."""
    (papers / "list.csv").write_text("150 names")
    (papers / "sub" / "x").parent.mkdir()
    (papers / "sub" / "=cmd.txt").write_text("letter")
    pilots("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "150", "--evidence", "papers/list.csv")
    return pilots


def test_a_folder_with_everything_is_told_in_a_line(secretary: Shell) -> None:
    before = (secretary.folder / "daihoi.db").read_bytes()
    ran = secretary("evidence", "check", "papers")

    assert ran.code == 0
    assert "✓ The file that the log names is there, unchanged." in ran.out
    assert "papers" not in ran.err
    assert "list.csv" in ran.out
    assert "1 file that no event names:" in ran.out
    assert "sub/=cmd.txt" in ran.out
    assert (secretary.folder / "daihoi.db").read_bytes() == before


@pytest.mark.parametrize(
    ("language", "said", "called"),
    [
        ("en", "the file of 1 is missing", "official delegates summoned [delegates_summoned]"),
        ("vi", "thiếu tệp của 1 sự kiện", "Số đại biểu chính thức được triệu tập [delegates_summoned]"),
    ],
)
def test_a_changed_file_is_missing_and_the_words_say_what_that_means(
    secretary: Shell, papers: Path, language: str, said: str, called: str
) -> None:
    (papers / "list.csv").write_text("151 names")
    ran = secretary("--lang", language, "evidence", "check", "papers", "--unit", "hoàng mai")
    elsewhere = secretary("evidence", "check", "papers", "--under", "tay-ho")

    assert (ran.code, said in ran.out, called in ran.out) == (3, True, True), ran
    assert digest("150 names")[:16] in ran.out
    assert digest("151 names")[:16] in ran.out
    assert (elsewhere.code, "No event names a file." in elsewhere.out) == (0, True)


def test_programs_get_every_event_with_its_files(secretary: Shell, papers: Path) -> None:
    (papers / "copy.csv").write_text("150 names")
    written = secretary("--format", "json", "evidence", "check", "papers").json
    listed = secretary("--format", "json", "evidence", "list", "hoang-mai").json
    table = list(csv.DictReader(io.StringIO(secretary("--format", "csv", "evidence", "check", "papers").out.lstrip("\ufeff"))))

    (one,) = written["evidence"]
    assert (one["unit"], one["name"], one["document_version"], one["digest"], one["found"], one["files"]) == (
        "hoang-mai", "delegates_summoned", None, digest("150 names"), True, ["copy.csv", "list.csv"]
    )  # fmt: skip
    assert written["not_named"] == [{"file": "sub/=cmd.txt", "digest": digest("letter")}]
    assert [(row["status"], row["file"].endswith((".csv", "cmd.txt"))) for row in table] == [
        ("found", True), ("found", True), ("not_named", True)
    ]  # fmt: skip
    assert [line["digest"] for line in listed["evidence"]] == [digest("150 names")]
    assert "found" not in listed["evidence"][0]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "gone"], 2, "E-USAGE"),
        (["check", "daihoi.db"], 2, "E-USAGE"),
        (["check", "papers", "--unit", "nobody"], 2, "E-UNIT"),
        (["list", "nobody"], 2, "E-UNIT"),
    ],
)
def test_a_slip_is_told_in_one_message(secretary: Shell, arguments: list[str], code: int, said: str) -> None:
    ran = secretary("evidence", *arguments)

    assert (ran.code, said in ran.err) == (code, True), ran


def test_paths_are_told_as_they_lie_in_the_folder_and_by_no_other_way(papers: Path) -> None:
    (papers / "x").write_text("x")

    assert read_folder(f"{papers}/.") == Folder(f"{papers}/.", {digest("x"): ("x",)})
