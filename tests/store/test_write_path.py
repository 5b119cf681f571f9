"""One command, one transaction: what is appended, what is answered, and what is left when nothing may be."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from engine import commands as cmd
from engine.desk import Accepted
from engine.merkle import Frontier, leaf_hash
from engine.refusals import GuardsRefuse, NotYours, UnknownUnit, WrongDay, WrongTarget
from store.desk import Desk
from store.errors import SeasonExists
from tests import sample
from tests.store.seasons import DEFINITIONS, Clock, Maker, StoredSeason, act, fact, opened, reopened


def leaves(desk: Desk) -> list[bytes]:
    return [leaf for (leaf,) in desk._session.store.rows("SELECT leaf FROM log ORDER BY seq")]


def root_of(leaves: list[bytes]) -> str:
    return Frontier().extend(map(leaf_hash, leaves)).root().hex()


def test_a_receipt_names_the_last_leaf_and_the_root_of_everything_up_to_it(season: StoredSeason) -> None:
    first = season.do(cmd.RecordFact, "east", "2021-03-01", fact="delegates_summoned", value=150)
    season.do(cmd.RecordFact, "east", "2021-03-02", fact="delegates_present", value=140)

    receipt = first.receipt
    assert receipt is not None
    written = leaves(season.desk)
    assert receipt.size == receipt.last_seq == receipt.first_seq == len(written) - 1
    assert receipt.leaf_hash == leaf_hash(written[receipt.last_seq - 1]).hex()
    assert receipt.root == root_of(written[: receipt.size])
    assert (receipt.season, receipt.origin) == ("sample-2021", "live")


def test_the_opening_is_one_command_with_every_event_in_its_receipt(season: StoredSeason) -> None:
    opening = season.desk.opening
    assert opening is not None
    assert opening.receipt is not None
    assert (opening.receipt.first_seq, opening.receipt.last_seq) == (1, len(opening.events))
    assert opening.events[0].kind == "season_opened"


def test_a_leaf_is_canonical_json_and_holds_no_words(season: StoredSeason) -> None:
    season.do(cmd.RecordFact, "east", "2021-03-01", person="NV-17", fact="theme", value="unity", reason="theo biên bản họp")

    leaf = leaves(season.desk)[-1]
    assert json.dumps(json.loads(leaf), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == leaf
    assert b"NV-17" not in leaf
    assert "biên bản".encode() not in leaf


def test_the_verdicts_of_a_transition_stand_in_its_event_with_every_value_read(season: StoredSeason) -> None:
    season.submitted("east")

    payload = json.loads(leaves(season.desk)[-1])["payload"]
    assert {v["guard"]: v["result"] for v in payload["verdicts"]} == {"sub-committees": "met", "political-report-filed": "met"}
    assert payload["verdicts"][0]["reads"] == [{"name": "fact.sub_committees", "seq": 20, "unit": "east", "value": True}]


def test_what_is_refused_leaves_no_trace(season: StoredSeason) -> None:
    before = leaves(season.desk)

    refusal = season.refused(cmd.Advance, "east", "2021-03-01", trigger="submit", reason="quá sớm", person="NV-17")

    assert isinstance(refusal, GuardsRefuse)
    assert leaves(season.desk) == before
    for table in ("sealed", "person"):
        assert season.desk._session.store.rows(f"SELECT * FROM {table}") == []
    assert len(season.desk._session.store.rows("SELECT * FROM command")) == 1


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (act(cmd.Advance, "nobody", trigger="submit"), UnknownUnit),
        (act(cmd.Advance, "east", by="west", trigger="submit"), NotYours),
        (act(cmd.RecordFact, "east", "2021-04-29", fact="theme", value="unity"), WrongDay),
        (act(cmd.Correct, "east", seq=999, withdraw=True, reason="nhầm"), WrongTarget),
        (act(cmd.Annul, "east", by="city", seq=2, reason="nhầm"), WrongTarget),
    ],
)
def test_a_refusal_is_raised_as_the_engine_said_it(
    season: StoredSeason, command: cmd.AnyCommand, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        season.desk.submit(command)


def test_a_dry_run_decides_truly_and_leaves_every_byte_as_it_was(stored: StoredSeason, path: Path) -> None:
    stored.submitted("east")
    stored.desk.close()
    digest = hashlib.sha256(path.read_bytes()).digest()

    with reopened(path) as desk:
        accepted = desk.submit(act(cmd.Advance, "east", by="city", trigger="return_documents", reason="thiếu"), dry_run=True)
        assert accepted.dry_run
        assert accepted.receipt is None
        assert accepted.state == "preparation"
        assert [line.kind for line in accepted.events] == ["advanced"]
        assert desk.state_of("east") == "document_approval"
        assert desk.version_of("east") == 5

    assert hashlib.sha256(path.read_bytes()).digest() == digest


def test_a_dry_run_refuses_what_the_act_would_be_refused(season: StoredSeason) -> None:
    with pytest.raises(GuardsRefuse):
        season.desk.submit(act(cmd.Advance, "east", trigger="submit"), dry_run=True)


def test_nothing_of_a_dry_run_is_remembered(season: StoredSeason) -> None:
    from engine.unit import Unit

    newcomer = Unit(code="north-3", name="Phường Ba", level="base", parent="north", pilot_of="north")
    season.desk.submit(act(cmd.EnrolUnit, "north-3", by="north", enrolled=newcomer), dry_run=True)

    assert "north-3" not in season.desk.codes()
    with season.desk._session.reading() as world:
        assert world.case("north-3") is None
        assert world.levels_piloted("north") == frozenset()


def test_a_run_of_commands_has_a_receipt_and_a_root_each(season: StoredSeason) -> None:
    accepted = season.desk.submit_all([fact("east", n, on=f"2021-03-{n:02}") for n in range(1, 8)])

    written = leaves(season.desk)
    for one in accepted:
        assert one.receipt is not None
        assert one.receipt.root == root_of(written[: one.receipt.size])
    assert len({one.receipt.command_id for one in accepted if one.receipt}) == 7


def test_the_acts_of_one_transaction_build_on_each_other(season: StoredSeason) -> None:
    accepted = season.desk.submit_all(
        [
            act(cmd.RecordFact, "east", "2021-03-01", fact="sub_committees", value=True),
            act(cmd.FileDocument, "east", "2021-03-01", document="political_report"),
            act(cmd.Advance, "east", "2021-03-01", trigger="submit"),
            act(cmd.Correct, "east", seq=20, withdraw=True, reason="nhầm"),
        ]
    )

    assert [one.events[0].version for one in accepted] == [3, 4, 5, 6]
    assert accepted[2].state == "document_approval"
    assert season.desk.verify().ok


def test_of_a_run_of_commands_either_all_are_recorded_or_none(season: StoredSeason) -> None:
    before = leaves(season.desk)

    with pytest.raises(GuardsRefuse):
        season.desk.submit_all([fact("east", 150), act(cmd.Advance, "east", "2021-03-01", trigger="submit")])

    assert leaves(season.desk) == before
    assert season.desk.version_of("east") == 2
    assert season.desk.verify().ok


def test_what_a_guard_counts_includes_the_acts_just_before_it(season: StoredSeason) -> None:
    """A tally asks the tables, so what lies over them has to be written down first."""
    season.held("east")
    season.submitted("west")
    approve = act(cmd.ApproveDocument, "west", "2021-03-20", "city", document="political_report")
    rest = [
        approve,
        act(cmd.Advance, "west", "2021-03-20", "city", trigger="approve"),
        fact("west", 150, on="2021-04-01"),
        fact("west", 140, "delegates_present", on="2021-04-01"),
        act(cmd.Advance, "west", "2021-04-01", trigger="hold"),
        act(cmd.Advance, "city", "2021-04-20", trigger="draw_lessons"),
    ]

    season.desk.submit_all(rest)

    assert "lessons_drawn" in season.desk.reached("city")
    assert season.desk.verify().ok


def test_a_plan_is_kept_with_its_canonical_bytes_and_its_source(season: StoredSeason) -> None:
    from engine import codec
    from engine.plan import Plan
    from store.definitions import Definition

    plan = Plan(id="plan-2", issuer="city", number="2", type="KH", year=2021, text=sample.text("Plan 2"))
    digest = codec.digest(codec.plan_bytes(plan))
    command = act(cmd.IssuePlan, "season", by="city", plan=plan, digest=digest)
    season.desk.submit(command, definitions=[Definition.of_plan(plan, "# kế hoạch 2")])

    kept = season.desk.definition(digest)
    assert kept is not None
    assert codec.plan_from_bytes(kept.content) == plan
    assert kept.source == "# kế hoạch 2"
    assert [p.issued.plan for p in season.desk.plans()] == ["plan-1", "plan-2"]


def test_a_season_is_opened_once(stored: StoredSeason, path: Path) -> None:
    stored.desk.close()

    with pytest.raises(SeasonExists) as error:
        opened(path)

    assert error.value.season == "sample-2021"


def test_two_seasons_share_a_store_and_nothing_else(stored: StoredSeason, path: Path) -> None:
    other = opened(path, origin="diễn tập", opening=sample.opening(season="sample-2026"))
    other.do(cmd.RecordFact, "east", "2021-03-01", fact="delegates_summoned", value=99)

    assert stored.desk.status_of("east").facts == {}
    assert other.desk.status_of("east").facts["delegates_summoned"].value == 99
    assert stored.desk.verify().ok
    assert other.desk.verify().ok
    other.desk.close()


def test_an_opening_that_fails_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "season.db"

    with pytest.raises(WrongDay):
        opened(path, opening=sample.opening(on=date(2030, 1, 1)))

    assert list(tmp_path.iterdir()) == []


def test_a_season_cannot_be_opened_without_its_procedures(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without its procedures"):
        Desk.create(tmp_path / "season.db", sample.opening(), ())

    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_and_the_same_acts_give_the_same_bytes(make: Maker) -> None:
    logs = []
    for _ in range(2):
        season = make("sqlite://", origin="diễn tập")
        season.submitted("east")
        season.do(cmd.Advance, "east", "2021-03-05", "city", trigger="return_documents", reason="thiếu số liệu", person="A1")
        logs.append(leaves(season.desk))

    assert logs[0] == logs[1]


def test_after_a_writer_has_closed_the_season_is_one_file(stored: StoredSeason, path: Path) -> None:
    stored.submitted("east")
    assert (path.parent / "season.db-wal").exists()

    stored.desk.close()

    assert [p.name for p in path.parent.iterdir()] == ["season.db"]


def test_a_store_is_written_ahead_and_synced_in_full(stored: StoredSeason) -> None:
    store = stored.desk._session.store

    assert store.row("PRAGMA journal_mode") == ("wal",)
    assert store.row("PRAGMA synchronous") == (2,)
    assert store.row("PRAGMA foreign_keys") == (1,)


def test_what_another_desk_records_is_seen_by_one_that_was_open_before(stored: StoredSeason, path: Path) -> None:
    stored.submitted("east")
    with reopened(path) as other:
        other.submit(act(cmd.Advance, "east", "2021-03-05", "city", trigger="return_documents", reason="thiếu"))

    assert stored.desk.state_of("east") == "preparation"
    accepted: Accepted = stored.do(cmd.RecordFact, "east", "2021-03-06", fact="theme", value="unity")
    assert accepted.events[0].version == 7


def test_definitions_are_kept_once(season: StoredSeason) -> None:
    rows = season.desk._session.store.rows("SELECT digest, kind FROM definition ORDER BY kind")

    assert [kind for _, kind in rows] == ["plan", "season", "workflow"]
    assert DEFINITIONS[0].digest in {digest for digest, _ in rows}


def test_a_clock_that_stands_is_no_reason_to_refuse(season: StoredSeason) -> None:
    assert isinstance(season.clock, Clock)
    for n in range(3):
        season.desk.submit(fact("east", n))
    assert {line.recorded.at for line in season.desk.history("east")} == {"2021-04-28T03:00:00.000Z"}


# Corrections within a transaction


def corrected(unit: str, seq: int, value: int) -> cmd.Correct:
    made: cmd.Correct = act(cmd.Correct, unit, "2021-03-01", "city", seq=seq, value=value, reason="ghi nhầm")
    return made


def value_of(season: StoredSeason, unit: str) -> object:
    return season.desk.status_of(unit).facts["delegates_summoned"].value


def test_a_correction_may_name_an_event_of_its_own_transaction(season: StoredSeason) -> None:
    seq = season.size() + 1

    season.desk.submit_all([fact("east", 150), corrected("east", seq, 151)])

    assert value_of(season, "east") == 151


def test_the_second_command_of_a_transaction_may_correct_what_was_recorded_before_it(season: StoredSeason) -> None:
    season.desk.submit(fact("east", 150))
    seq = season.size()

    season.desk.submit_all([fact("west", 90), corrected("east", seq, 151)])

    assert (value_of(season, "east"), value_of(season, "west")) == (151, 90)


def test_a_correction_cannot_name_the_event_that_it_will_be(season: StoredSeason) -> None:
    with pytest.raises(WrongTarget):
        season.desk.submit_all([fact("east", 150), corrected("east", season.size() + 2, 151)])
