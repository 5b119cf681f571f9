"""A procedure that says only how it differs: what it inherits is checked as a whole, and told in the file it was written in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.files import MEETING, edited, told, write
from workflows import load
from workflows.load import LoadedWorkflow
from workflows.toml import read_toml

CHILD = 'id = "child"\nextends = "meeting.toml"\n'


def child(folder: Path, text: str, meeting: str = MEETING, **others: str) -> LoadedWorkflow:
    write(folder, child=text, meeting=meeting, **others)
    return load.check_document(read_toml(folder / "child.toml", "child.toml"))


def test_a_child_takes_over_everything_it_does_not_say(tmp_path: Path) -> None:
    base = load.check_document(read_toml(write(tmp_path, meeting=MEETING) / "meeting.toml"))
    loaded = child(tmp_path, CHILD)

    assert loaded.problems == ()
    assert loaded.workflow.id == "child"
    assert loaded.workflow.states == base.workflow.states
    assert loaded.workflow.guards == base.workflow.guards


def test_a_child_changes_one_key_of_a_guard(tmp_path: Path) -> None:
    loaded = child(tmp_path, CHILD + '[guards.quorum]\nwhen = "!unit.pilot"\ntext.en = "the quorum"\n')
    guard = loaded.workflow.guard_by_id["quorum"]

    assert (guard.when, guard.text.en, guard.text.vi) == ("!unit.pilot", "the quorum", "Đủ số người")
    assert guard.expression == "fact.present >= plan.quorum"


def test_what_is_new_stands_after_what_is_inherited(tmp_path: Path) -> None:
    loaded = child(
        tmp_path, CHILD + '[facts.absent]\ntype = "int"\ntext.vi = "vắng"\ntext.en = "absent"\n[facts.present]\nshown = true\n'
    )

    assert [f.id for f in loaded.workflow.facts] == ["present", "absent"]


def test_arrays_are_replaced_as_a_whole(tmp_path: Path) -> None:
    loaded = child(tmp_path, CHILD + '[documents.report]\nneeded_before = ["put_off"]\n')

    assert loaded.workflow.document_by_id["report"].needed_before == ("put_off",)


def test_what_is_removed_is_gone_and_may_be_written_anew(tmp_path: Path) -> None:
    text = CHILD + 'remove = ["guards.quorum", "documents.report", "facts.present"]\n'
    fact = '[facts.present]\ntype = "bool"\ntext.vi = "đủ"\ntext.en = "complete"\n'
    loaded = child(tmp_path, text + fact)

    assert loaded.problems == ()
    assert loaded.workflow.guards == ()
    assert loaded.workflow.documents == ()
    assert [(f.id, f.type) for f in loaded.workflow.facts] == [("present", "bool")]


def test_removing_what_is_not_there_is_told_with_a_guess(tmp_path: Path) -> None:
    problem = child(tmp_path, CHILD + 'remove = ["guards.quorun"]\n').problems[0]

    assert (problem.code, problem.where, problem.guess) == ("E-REMOVE-UNKNOWN", "remove[1]", "guards.quorum")


def test_a_chain_is_followed_to_its_end(tmp_path: Path) -> None:
    grandchild = 'id = "grandchild"\nextends = "child.toml"\nversion = "2"\n'
    child(tmp_path, CHILD + 'text.en = "child"\n', grandchild=grandchild)
    loaded = load.check_document(read_toml(tmp_path / "grandchild.toml", "grandchild.toml"))

    assert loaded.problems == ()
    assert (loaded.workflow.id, loaded.workflow.version, loaded.workflow.text.en) == ("grandchild", "2", "child")
    assert loaded.text.startswith(grandchild)
    assert CHILD in loaded.text
    assert MEETING in loaded.text


def test_a_mistake_in_an_inherited_part_points_to_the_file_it_was_written_in(tmp_path: Path) -> None:
    meeting = edited(MEETING, 'type = "int"\ntext.vi = "số người có mặt"', 'type = "integer"\ntext.vi = "x"')
    problem = child(tmp_path, CHILD, meeting).problems[0]

    assert (problem.code, problem.where) == ("E-CHOICE", "facts.present.type")
    assert Path(problem.file).name == "meeting.toml"
    assert problem.line == meeting.splitlines().index('type = "integer"') + 1


def test_a_mistake_in_what_the_child_changed_points_to_the_child(tmp_path: Path) -> None:
    loaded = child(tmp_path, CHILD + '[guards.quorum]\nmust = "fact.presnt > 1"\n')

    assert [(p.code, p.file, p.line) for p in loaded.problems] == [("unknown_fact", "child.toml", 4)]


def test_what_the_child_breaks_in_an_inherited_guard_is_told_where_the_guard_stands(tmp_path: Path) -> None:
    loaded = child(tmp_path, CHILD + 'remove = ["facts.present"]\n')

    assert {(p.code, Path(p.file).name) for p in loaded.problems} == {
        ("unknown_fact", "meeting.toml"),
        ("E-NAME", "meeting.toml"),
    }


def test_a_child_has_an_id_of_its_own(tmp_path: Path) -> None:
    assert told(child(tmp_path, 'extends = "meeting.toml"\n').problems) == [("E-KEY-MISSING", "id")]


def test_a_ring_is_refused_at_the_place_that_closes_it(tmp_path: Path) -> None:
    meeting = 'id = "meeting"\nextends = "child.toml"\n'
    loaded = child(tmp_path, CHILD, meeting)

    assert told(loaded.problems) == [("E-EXTENDS-CYCLE", "extends")]
    assert [Path(name).name for name in loaded.problems[0].fields["chain"]] == ["child.toml", "meeting.toml", "child.toml"]


def test_a_file_that_extends_itself_is_refused(tmp_path: Path) -> None:
    assert told(child(tmp_path, 'id = "child"\nextends = "./child.toml"\n').problems) == [("E-EXTENDS-CYCLE", "extends")]


def test_a_long_chain_is_refused(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"f{number}.toml").write_text(f'id = "f{number}"\nextends = "f{number + 1}.toml"\n', encoding="utf-8")
    loaded = load.check_document(read_toml(tmp_path / "f0.toml"))

    assert told(loaded.problems) == [("E-EXTENDS-LONG", "extends")]


@pytest.mark.parametrize(
    ("extends", "code", "guess"),
    [
        ('"metting.toml"', "E-FILE-NAMED", None),
        ('"base-congres"', "E-FILE-UNKNOWN", "base-congress"),
        ('"meeting"', "E-FILE-UNKNOWN", "meeting.toml"),
        ("5", "E-TYPE", None),
        ('"."', "E-FILE-NAMED", None),
    ],
)
def test_a_base_that_cannot_be_used_is_one_mistake(tmp_path: Path, extends: str, code: str, guess: str | None) -> None:
    problems = child(tmp_path, f'id = "child"\nextends = {extends}\n').problems

    assert [(p.code, p.where, p.guess) for p in problems] == [(code, "extends", guess)]


def test_a_broken_base_is_told_with_its_own_error(tmp_path: Path) -> None:
    problem = child(tmp_path, CHILD, "a = \n").problems[0]

    assert (problem.code, problem.fields["error"], problem.fields["details"]["line"]) == ("E-FILE-NAMED", "E-FILE-SYNTAX", 1)


def test_remove_takes_a_list_of_names(tmp_path: Path) -> None:
    assert told(child(tmp_path, CHILD + "remove = 5\n").problems) == [("E-TYPE", "remove")]


def test_a_must_becomes_a_should_when_the_must_is_removed(tmp_path: Path) -> None:
    text = CHILD + 'remove = ["guards.quorum.must"]\n[guards.quorum]\nshould = "fact.present > plan.quorum"\ncertainty = "D"\n'
    loaded = child(tmp_path, text)

    assert loaded.problems == ()
    assert loaded.workflow.guard_by_id["quorum"].severity == "should"
