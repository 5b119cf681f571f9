"""What is said when something may not happen: what, why, what to do, and that nothing was recorded."""

from __future__ import annotations

import importlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine import refusals
from engine.desk import Receipt
from engine.errors import DaihoiError
from reports import errors
from store import errors as store
from tests.reports.made import EN, PROCEDURE, VI, lessons_not_drawn, said, todo

RECEIPT = Receipt(
    season="sample",
    origin="live",
    first_seq=41,
    last_seq=42,
    leaf_hash="ab",
    size=42,
    root="cd",
    command_id="one",
)


def test_a_refusal_by_guards_names_all_of_them_and_what_to_do() -> None:
    refusal = refusals.GuardsRefuse(
        unit="north", trigger="convene", verdicts=(lessons_not_drawn(),), smallest=(todo("reach", "lessons_drawn", who="city"),)
    )

    assert said(errors.page(refusal, EN, PROCEDURE)) == (
        "Refused (E-GUARD). Nothing was recorded. 1 guard stands before convene:\n"
        "  ✗ lessons-drawn  lessons-drawn                                                        sample\n"
        '      lead.reached("lessons_drawn") is false: city leads; its pilots have held 1 of 2, still open: east\n'
        "                                                                   → city: draw the lessons\n"
        "Smallest way through: city draws the lessons.\n"
        "See everything with: daihoi why north\n"
    )
    assert said(errors.page(refusal, VI, PROCEDURE)).startswith(
        "Từ chối (E-GUARD). Chưa ghi gì vào nhật ký. Còn 1 điều kiện trước bước convene:\n"
    )


def test_its_json_has_the_keys_of_the_contract() -> None:
    refusal = refusals.GuardsRefuse(unit="north", trigger="convene", verdicts=(lessons_not_drawn(),), smallest=None)

    written = errors.to_json(refusal, EN, PROCEDURE)["error"]

    assert {k: written[k] for k in ("code", "unit", "trigger", "smallest", "recorded")} == {
        "code": "E-GUARD",
        "unit": "north",
        "trigger": "convene",
        "smallest": None,
        "recorded": False,
    }
    assert written["verdicts"][0]["guard"] == "lessons-drawn"
    json.dumps(written)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            refusals.NoSuchStep(unit="north", step="hold", state="preparation", possible=("submit",)),
            "north is in preparation, from where hold does not lead on. Nothing was recorded.",
        ),
        (
            refusals.NoSuchStep(unit="north", step="approve_document:report", state="not_filed"),
            "There is no version of report of north to approve. Nothing was recorded.",
        ),
        (
            refusals.NoSuchStep(unit="north", step="leave", state="parent_of:north-1"),
            "north cannot leave while units below it take part (north-1). Nothing was recorded.",
        ),
        (
            refusals.NotYours(unit="north", step="approve", actor="north", roles=("superior",), allowed=("city",)),
            "north may not do this for north (approve): it is for the superior. Nothing was recorded.",
        ),
        (
            refusals.WrongDay(unit="north", step="hold", on=date(2021, 5, 1), bound=date(2021, 4, 28), why="future"),
            "1/5/2021 lies ahead: today is 28/4/2021. Nothing was recorded.",
        ),
        (
            refusals.UnknownName(kind="fact", name="delegates_presnt", known=("delegates_present", "theme")),
            "There is no fact delegates_presnt; did you mean delegates_present? Nothing was recorded.",
        ),
        (refusals.UnknownName(kind="level", name="zzz"), "There is no level zzz. Nothing was recorded."),
        (
            refusals.UnknownUnit(unit="tay-ha", near=("tay-ho",)),
            "There is no unit tay-ha; did you mean tay-ho? Nothing was recorded.",
        ),
        (
            refusals.WrongValue(name="theme", value="x", expected="string", choices=("unity", "renewal")),
            "theme does not take x: it takes a word, one of: unity, renewal. Nothing was recorded.",
        ),
        (
            store.UnitChanged(unit="north", expected=7, found=8, winner=RECEIPT, actor="city"),
            "north has changed: this was decided on version 7, it stands at 8; city was first with event 42 (command one). Nothing was recorded.",  # noqa: E501
        ),
        (
            store.UnitChanged(unit="north", expected=99, found=8),
            "north is at version 8 and never was at version 99. Nothing was recorded.",
        ),
        (store.NoStore(place="x.db"), "There is no store x.db yet."),
    ],
)
def test_each_error_says_what_happened_with_its_own_values(error: Any, message: Any) -> None:
    assert errors.tell(error, EN).message == message


def test_an_error_says_what_to_do() -> None:
    told = errors.tell(refusals.NoSuchStep(unit="north", step="hold", state="preparation", possible=("submit",)), EN)

    assert told.hint == "What leads on from there: submit. See: daihoi why north"


def test_where_there_is_no_such_step_the_ways_back_are_named_too() -> None:
    refusal = refusals.NoSuchStep(
        unit="north", step="return_documets", state="document_approval", possible=("approve",), back=("return_documents",)
    )

    told = errors.tell(refusal, EN)

    assert "did you mean return_documents?" in told.message
    assert told.hint == "What leads on from there: approve; back: return_documents. See: daihoi why north"
    assert errors.tell(refusal, VI).hint == "Từ đó có thể: approve; lùi bước: return_documents. Xem: daihoi why north"
    assert errors.to_json(refusal, EN)["error"]["back"] == ["return_documents"]


def all_error_classes(cls: type[DaihoiError] = DaihoiError) -> set[type[DaihoiError]]:
    return {cls}.union(*(all_error_classes(c) for c in cls.__subclasses__()))


VALUES: dict[str, Any] = {
    "unit": "north", "step": "hold", "state": "preparation", "actor": "north", "roles": ("superior",), "allowed": ("city",),
    "on": date(2021, 5, 1), "bound": date(2021, 4, 28), "since": date(2021, 4, 1), "winner": RECEIPT, "first": RECEIPT, "verdicts": (),
    "problems": (), "known": ("a", "b"), "choices": (), "near": (), "smallest": (), "seq": 3, "expected": 1, "found": 2,
}  # fmt: skip


@pytest.mark.parametrize("words", [EN, VI], ids=["en", "vi"])
def test_no_error_is_left_without_words(words: Any) -> None:
    """Every class that somebody can meet is told in words of its own, with its fields, and as JSON."""
    for module in ("reports.usage", "store.errors", "workflows.catalogue", "workflows.scenario_run", "workflows.toml"):
        importlib.import_module(module)
    for cls in sorted(all_error_classes(), key=lambda c: c.__name__):
        if cls.__name__ in ("ScenarioFailed", "FileMistakes"):
            continue
        error = made(cls)
        told = errors.tell(error, words)
        assert told.code not in told.message, cls
        assert "{" not in told.message + told.hint, cls
        json.dumps(errors.to_json(error, words))
        assert said(errors.page(error, words))


def made(cls: type[DaihoiError]) -> DaihoiError:
    """An error with any values in its fields."""
    import attrs

    return cls(**{a.name: VALUES.get(a.name, "word") for a in attrs.fields(cls)})


def test_a_file_with_mistakes_lists_each_with_its_place_and_guess(tmp_path: Path) -> None:
    from workflows.load import load_workflow
    from workflows.problems import FileMistakes

    file = tmp_path / "mine.toml"
    file.write_text(
        'id = "mine"\nversion = "1"\ninitial = "start"\ntext.vi = "a"\ntext.en = "a"\n[states.strat]\ntext.vi = "x"\n', "utf-8"
    )
    with pytest.raises(FileMistakes) as raised:
        load_workflow(str(file))

    page = said(errors.page(raised.value, EN))

    assert f"Error (E-FILE-MISTAKES). {file} cannot be used:" in page
    assert f"{file}:3  initial: there is no state “start”; did you mean strat?" in page
    assert "the text is missing in: en" in page
    assert "Correct the file and repeat the command. Nothing was recorded." in page
    vietnamese = said(errors.page(raised.value, VI))
    assert "không có trạng thái “start”; có phải ý bạn là strat?" in vietnamese
