"""The verifier in every bundle: accepts what is true, names what is not, and never ends in a traceback."""

from __future__ import annotations

import ast
import io
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from engine import codec
from engine.merkle import Frontier, leaf_hash
from engine.tlog.notes import LOG, WITNESS, cosign, sign
from engine.tlog.proofs import consistency, inclusion, roots
from reports.bundle import verify
from tests.audit.keyring import issued
from tests.store.seasons import StoredSeason
from tests.tlog.signing import key
from tests.verifier.conftest import SEEDS, eventful, history, leaves_of
from tests.verifier.making import (
    Files,
    Leaf,
    Made,
    heads_leaf,
    last_leaves,
    lines,
    made,
    manifest,
    sealed,
    standing,
    unpacked,
    zipped,
)

UNIT = "east"
Check = Callable[..., verify.Report]
PROGRAM = Path(verify.__file__)
FIND_OPENSSL = verify.Openssl
OPENSSL = FIND_OPENSSL()


@pytest.fixture(autouse=True)
def one_self_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program is asked once whether it tells good from bad, and not once a bundle."""
    monkeypatch.setattr(verify, "Openssl", lambda path=None: OPENSSL)


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """The report on some files, as a ZIP file with a manifest that fits them."""

    def checked(files: Files, scope: str = "season", earlier: bytes | None = None, policy: bytes | None = None) -> verify.Report:
        told = sealed(files, scope, **({"unit": UNIT} if scope == "unit" else {})) if "manifest.json" not in files else files
        return checked_zip(zipped(told), tmp_path, earlier, policy)

    return checked


def checked_zip(raw: bytes, folder: Path, earlier: bytes | None = None, policy: bytes | None = None) -> verify.Report:
    path = folder / "bundle.zip"
    path.write_bytes(raw)
    return verify.check(
        verify.Asked(
            str(path),
            policy=None if policy is None else verify.Policy(policy),
            earlier=None if earlier is None else verify.read_checkpoint(earlier),
        )
    )


def code_of(report: verify.Report) -> str | None:
    # Whatever the report is, it can be said in both languages.
    for language in ("vi", "en"):
        assert "\n".join(verify.lines_of(report, "bundle.zip", verify.Speaker(language)))
    assert bool(report.exit_code) == bool(report.problem)
    return report.problem.code if report.problem else None


# ----------------------------------------------------------------------------------------------------------- what is true


@pytest.mark.parametrize("seed", [None, *SEEDS])
def test_a_season_stands_where_the_engine_says(seed: int | None, check: Check) -> None:
    log = eventful() if seed is None else history(seed)
    report = check(log.of_season())

    assert code_of(report) is None
    assert report.units == standing(log.leaves, log.definitions)


@pytest.mark.parametrize("seed", [None, *SEEDS])
def test_every_unit_stands_in_its_own_bundle_where_the_engine_says(seed: int | None, tmp_path: Path) -> None:
    log = eventful() if seed is None else history(seed)
    for told in standing(log.leaves, log.definitions):
        files = sealed(log.of_unit(told["unit"]), "unit", unit=told["unit"])
        report = checked_zip(zipped(files), tmp_path)

        assert code_of(report) is None
        assert report.units == [told]


@pytest.mark.slow
def test_the_season_of_plan_71_stands_where_the_engine_says(plan_71: Made, check: Check) -> None:
    report = check(plan_71.of_season())

    assert code_of(report) is None
    assert report.units == standing(plan_71.leaves, plan_71.definitions)
    assert {unit["state"] for unit in report.units} == {"recognised"}
    assert any(unit["attempt"] > 1 for unit in report.units)


def test_the_record_of_heads_that_the_program_makes_is_what_the_verifier_comes_to(
    stored: StoredSeason, path: Path, check: Check
) -> None:
    for day in ("2021-04-10", "2021-04-12"):
        stored.held("east" if day.endswith("10") else "west", on=day)
        issued(stored.desk)
    stored.desk.close()
    log = Made(*leaves_of(path))

    assert [json.loads(raw)["kind"] for raw in log.leaves].count("heads_recorded") == 2
    assert code_of(check(log.of_season(), "season")) is None
    assert code_of(check(log.of_unit(UNIT), "unit")) is None


def test_a_folder_is_read_as_a_zip_file_is(log: Made, tmp_path: Path) -> None:
    files = sealed(log.of_unit(UNIT), "unit", unit=UNIT)
    (folder := unpacked(files, tmp_path / "bundle")).joinpath("Thumbs.db").write_bytes(b"left behind")

    assert verify.check(verify.Asked(str(folder))).as_json() == checked_zip(zipped(files), tmp_path).as_json()


def test_the_answer_says_what_the_page_says(log: Made, check: Check) -> None:
    report = check(log.of_season(checkpoint=log.signed("w1", "w2"), policy=log.policy("w1", "w2", "w3", needed=2)))

    answer = report.as_json()
    assert {name: answer[name] for name in ("ok", "problem", "log", "size", "scope")} == {
        "ok": True, "problem": None, "log": log.name, "size": len(log.leaves), "scope": "season",
    }  # fmt: skip
    assert answer["signed_by"] == sorted([log.name, "w1", "w2"])
    assert answer["root"] == Frontier().extend(log.hashes).root().hex()


@pytest.mark.parametrize("scope", ["season", "unit"])
def test_the_log_goes_on_from_every_earlier_checkpoint(log: Made, check: Check, scope: str) -> None:
    for size in range(len(log.leaves) + 1):
        files = log.of_season() if scope == "season" else log.of_unit(UNIT, since=size)
        if size in (0, 1, 2, 7, 8, 31, 64, len(log.leaves) - 1, len(log.leaves)):
            assert code_of(check(files, scope, earlier=log.signed(size=size))) is None


# ------------------------------------------------------------------------------------------------------ what is not: every code


def changed(whole: Files, **changes: Any) -> Files:
    """The files with a manifest that says something else."""
    return {"manifest.json": manifest(whole, **changes), **whole}


def damaged(log: Made) -> bytes:
    raw = bytearray(zipped(sealed(log.of_season())))
    raw[len(raw) // 2] ^= 1
    return bytes(raw)


def season(change: Callable[[Made], Files]) -> Callable[[Made], tuple[Files, str]]:
    return lambda log: (change(log), "season")


def unit(change: Callable[[Made], Files]) -> Callable[[Made], tuple[Files, str]]:
    return lambda log: (change(log), "unit")


def resigned(log: Made, change: Callable[[list[Leaf]], list[Leaf]]) -> Made:
    """The log with other events, everything that follows from them made anew and signed by the log's own key."""
    first = log.with_leaves(change)
    return made(first.leaves[:-1], first.definitions)


def with_field(place: int, **fields: Any) -> Callable[[list[Leaf]], list[Leaf]]:
    """An event at a place counted from 0 says something else."""
    return lambda leaves: [{**leaf, **fields} if at == place else leaf for at, leaf in enumerate(leaves)]


def first_of(log: Made, kind: str) -> int:
    return next(at for at, raw in enumerate(log.leaves) if json.loads(raw)["kind"] == kind)


def with_payload(kind: str, **changes: Any) -> Callable[[Made], Files]:
    """The first event of a kind says something else, and everybody signed it."""

    def change(log: Made) -> Files:
        at = first_of(log, kind)
        payload = {**json.loads(log.leaves[at])["payload"], **changes}
        kept = {name: value for name, value in payload.items() if value is not ...}
        return resigned(log, with_field(at, payload=kept)).of_season()

    return change


def without_proof(files: Files) -> Files:
    gone = max(name for name in files if name.startswith("proofs/"))
    return {name: content for name, content in files.items() if name != gone}


def without_leaf(log: Made, place: int) -> Files:
    """A unit's bundle in which one of the unit's events was left out, with its proof."""
    files = log.of_unit(UNIT)
    own = [raw for raw in log.leaves if json.loads(raw)["unit"] == UNIT]
    gone = own[place]
    files["leaves.jsonl"] = files["leaves.jsonl"].replace(gone + b"\n", b"")
    del files[f"proofs/{json.loads(gone)['seq']}.tlog-proof"]
    return files


def smuggled(log: Made) -> Files:
    """A unit's bundle with an event of another unit, proven like the others."""
    other = next(json.loads(raw) for raw in log.leaves if json.loads(raw)["unit"] == "west")
    own = {json.loads(raw)["seq"]: raw for raw in log.of_unit(UNIT)["leaves.jsonl"].splitlines()}
    own[other["seq"]] = log.leaves[other["seq"] - 1]
    proof = {f"proofs/{other['seq']}.tlog-proof": log.proof(other["seq"])}
    return log.of_unit(UNIT, **{"leaves.jsonl": lines(own[seq] for seq in sorted(own)), **proof})


def other_tree(log: Made) -> Files:
    """A unit's bundle whose proofs are those of another log, with this checkpoint pasted in."""
    other = resigned(log, with_field(3, command="another"))
    proofs = {f"proofs/{seq}.tlog-proof": other.proof(seq).split(b"\n\n")[0] + b"\n\n" + log.signed() for seq in (1, 2)}
    return log.of_unit(UNIT, **proofs)


def stale_heads(log: Made) -> Files:
    """A season in which the record of the heads speaks of an earlier day."""
    leaves = [json.loads(raw) for raw in log.leaves]
    old = json.loads(heads_leaf(log.leaves[:-5]))["payload"]
    return Made((*log.leaves[:-1], codec.canonical({**leaves[-1], "payload": old})), log.definitions).of_season()


def no_heads(log: Made) -> Files:
    """A unit's bundle up to a checkpoint that was signed without a record of the heads."""
    short = Made(log.leaves[:-1], log.definitions)
    return {**short.of_unit(UNIT, **{"heads.json": log.heads(UNIT)})}


def swapped_proofs(log: Made) -> Files:
    return log.of_unit(UNIT, **{"proofs/1.tlog-proof": log.proof(2)})


def one_changed(leaves: bytes) -> bytes:
    first, second, rest = leaves.split(b"\n", 2)
    return b"\n".join([first, codec.canonical({**json.loads(second), "command": "other"}), rest])


def wide_at_a_unit(log: Made) -> Files:
    at = first_of(log, "fact_recorded")
    return resigned(log, with_field(at, kind="season_opened", payload={"digest": next(iter(log.definitions))})).of_season()


def other_log_signed(log: Made) -> Files:
    """Two logs are trusted; this checkpoint was signed by the other one alone."""
    name, private = key("daihoi/other/live/0", LOG)
    text = log.checkpoint()
    policy = log.policy().replace(b"quorum", f"log {name}\nquorum".encode())
    return log.of_season(checkpoint=f"{text}\n{sign(text, name, private).line}".encode(), policy=policy)


def recorded_after_heads(log: Made) -> Files:
    """A unit's bundle whose checkpoint was signed after one more event of somebody else."""
    last = [json.loads(raw) for raw in log.leaves if json.loads(raw)["unit"] == "west"][-1]
    more = {**last, "seq": len(log.leaves) + 1, "version": last["version"] + 1, "at": json.loads(log.leaves[-1])["at"]}
    return Made((*log.leaves, codec.canonical(more)), log.definitions).of_unit(UNIT, **{"heads.json": log.heads(UNIT)})


def of_nobody(log: Made) -> Files:
    """A unit's bundle without an event of the unit: the log itself put on record that there is none."""
    leaves = [json.loads(raw) for raw in log.leaves[:-1]]
    entries = last_leaves(leaves, log.leaves)
    entries[UNIT] = codec.canonical({"leaf": "", "unit": UNIT, "version": 0})
    hashes = {code: leaf_hash(entries[code]) for code in sorted(entries)}
    root = Frontier().extend(hashes.values()).root().hex()
    heads = {**json.loads(log.leaves[-1]), "payload": {"root": root, "size": len(entries)}}
    forged = Made((*log.leaves[:-1], codec.canonical(heads)), log.definitions)
    told = [
        {"hashes": [h.hex() for h in roots(inclusion(at, len(hashes)), iter(hashes.values()))], "index": at, "unit": code}
        for code in (UNIT, "season")
        for at in [list(hashes).index(code)]
    ]
    files = forged.of_unit(UNIT)
    own = [json.loads(raw)["seq"] for raw in files["leaves.jsonl"].splitlines() if json.loads(raw)["unit"] == UNIT]
    wide = [raw for raw in files["leaves.jsonl"].splitlines() if json.loads(raw)["unit"] != UNIT]
    gone = {f"proofs/{seq}.tlog-proof": None for seq in own}
    return forged.of_unit(UNIT, **{"leaves.jsonl": lines(wide), "heads.json": codec.canonical(told), **gone})


def correction_of_what_was_cleared(log: Made) -> Files:
    """What a new attempt cleared is no record that somebody could correct."""
    at, cleared = next((at, leaf) for at, leaf in enumerate(map(json.loads, log.leaves)) if "clears" in leaf["payload"])
    later = next(
        place for place, leaf in enumerate(map(json.loads, log.leaves)) if place > at and leaf["unit"] == cleared["unit"]
    )
    payload = {"name": cleared["payload"]["clears"][0], "seq": cleared["seq"], "value": 5, "what": "fact_recorded"}
    return resigned(log, with_field(later, kind="corrected", payload=payload)).of_season()


def enrolled_twice(log: Made) -> Files:
    enrolled = next(leaf for leaf in map(json.loads, log.leaves) if leaf["kind"] == "unit_enrolled")
    later = next(
        at for at, leaf in enumerate(map(json.loads, log.leaves)) if at > enrolled["seq"] and leaf["unit"] == enrolled["unit"]
    )
    return resigned(log, with_field(later, kind="unit_enrolled", payload=enrolled["payload"])).of_season()


FORGED: dict[str, tuple[str, Callable[[Made], tuple[Files, str]]]] = {
    # the manifest
    "no manifest": ("manifest", season(lambda log: {"manifest.json2": b""} | log.of_season())),
    "manifest of another format": ("manifest", season(lambda log: changed(log.of_season(), format="daihoi-bundle/2"))),
    "manifest with one key more": ("manifest", season(lambda log: changed(log.of_season(), more=1))),
    "manifest with a unit in a season": ("manifest", season(lambda log: changed(log.of_season(), unit=UNIT))),
    "manifest of the unit season": ("manifest", season(lambda log: changed(log.of_unit(UNIT), scope="unit", unit="season"))),
    "manifest not canonical": (
        "manifest", season(lambda log: {"manifest.json": manifest(log.of_season()) + b"\n", **log.of_season()})
    ),
    "file that is not named": (
        "manifest", season(lambda log: {"manifest.json": manifest(log.of_season()), **log.of_season(policy=None), "policy2": b""})
    ),
    "file of no bundle": ("manifest", season(lambda log: log.of_season(**{"notes.txt": b"hm"}))),
    "file that is missing": ("manifest", season(lambda log: changed(log.of_season(), files={"gone": {"sha256": "0" * 64, "size": 1}}))),
    "file that must be there": ("manifest", season(lambda log: log.of_season(**{"README.txt": None}))),
    "file of another content": (
        "manifest", season(lambda log: {"manifest.json": manifest(log.of_season()), **log.of_season(policy=b"x" * 9)})
    ),
    "heads in a season's": ("manifest", season(lambda log: log.of_season(**{"heads.json": log.heads(UNIT)}))),
    "proofs in a season's": ("manifest", season(lambda log: log.of_season(**{"proofs/1.tlog-proof": log.proof(1)}))),
    "no heads in a unit's": ("manifest", unit(lambda log: log.of_unit(UNIT, **{"heads.json": None}))),
    # the checkpoint and who signed it
    "checkpoint without signatures": ("checkpoint", season(lambda log: log.of_season(checkpoint=log.checkpoint().encode()))),
    "checkpoint with an extension": (
        "checkpoint", season(lambda log: log.of_season(checkpoint=log.signed().replace(b"\n\n", b"\nmore\n\n", 1)))
    ),
    "checkpoint of another size than the manifest's": ("checkpoint", season(lambda log: changed(log.of_season(), size=5))),
    "signature of another text": (
        "signature",
        season(lambda log: log.of_season(checkpoint=log.checkpoint().encode() + b"\n" + log.signed(size=3).split(b"\n\n")[1])),
    ),
    "log that is signed anew with another key": (
        "signature", season(lambda log: log.of_season(checkpoint=log.signed(seed="another")))
    ),
    "policy of a key that was changed since": ("signature", season(lambda log: log.of_season(policy=log.policy(seed="older")))),
    "witnesses that are too few": (
        "signature", season(lambda log: log.of_season(checkpoint=log.signed("w1"), policy=log.policy("w1", "w2", "w3", needed=2)))
    ),
    "cosignature of another checkpoint": (
        "signature",
        season(lambda log: log.of_season(checkpoint=log.signed() + log.signed("w1", size=3).splitlines(keepends=True)[-1],
                                         policy=log.policy("w1"))),
    ),
    "checkpoint that another log signed": ("signature", season(other_log_signed)),
    "policy that is none": ("signature", season(lambda log: log.of_season(policy=b"quorum all\n"))),
    # the leaves
    "leaf that is not canonical": (
        "leaves", season(lambda log: log.of_season(**{"leaves.jsonl": lines(log.leaves).replace(b'":', b'": ', 1)}))
    ),
    "last line without an end": ("leaves", season(lambda log: log.of_season(**{"leaves.jsonl": lines(log.leaves)[:-1]}))),
    "leaf with a number for a text": ("leaves", season(lambda log: resigned(log, with_field(4, on=20210401)).of_season())),
    "leaf of another semantics": ("leaves", season(lambda log: resigned(log, with_field(4, semantics=True)).of_season())),
    "leaf of another log": ("leaves", season(lambda log: resigned(log, with_field(4, origin="rehearsal")).of_season())),
    "log that begins otherwise": (
        "leaves", season(lambda log: log.of_season(**{"leaves.jsonl": lines([log.leaves[1], *log.leaves[1:]])}))
    ),
    "leaves in another order": (
        "leaves", season(lambda log: log.of_season(**{"leaves.jsonl": lines([*log.leaves[:3], log.leaves[4], log.leaves[3]])}))
    ),
    "fewer leaves than the manifest says": ("leaves", season(lambda log: changed(log.of_season(), events=len(log.leaves) + 1))),
    "more leaves than the manifest says": ("leaves", season(lambda log: changed(log.of_season(), events=len(log.leaves) - 1))),
    "a leaf of another unit in a unit's": ("leaves", unit(smuggled)),
    "no leaves": ("manifest", season(lambda log: log.of_season(**{"leaves.jsonl": b""}))),
    # the tree
    "season whose end is left out": ("root", season(lambda log: log.of_season(**{"leaves.jsonl": lines(log.leaves[:-1])}))),
    "season whose middle is left out": (
        "root", season(lambda log: log.of_season(**{"leaves.jsonl": lines([*log.leaves[:20], *log.leaves[21:]])}))
    ),
    "event changed after the signing": (
        "root",
        season(lambda log: log.of_season(**{"leaves.jsonl": lines(log.with_leaves(with_field(9, command="other")).leaves)})),
    ),
    "proof that is missing": ("proof", unit(lambda log: without_proof(log.of_unit(UNIT)))),
    "proof of nobody": ("proof", unit(lambda log: log.of_unit(UNIT, **{"proofs/999999.tlog-proof": log.proof(1)}))),
    "proof of another event": ("proof", unit(swapped_proofs)),
    "proofs of another tree": ("proof", unit(other_tree)),
    "proof with extra": (
        "proof",
        unit(lambda log: log.of_unit(UNIT, **{"proofs/1.tlog-proof": log.proof(1).replace(b"\nindex", b"\nextra AA==\nindex", 1)})),
    ),
    "proof under another checkpoint": (
        "proof",
        unit(lambda log: log.of_unit(UNIT, **{"proofs/1.tlog-proof": log.proof(1).split(b"\n\n")[0] + b"\n\n" + log.signed(size=3)})),
    ),
    "event changed in a unit's": (
        "proof",
        unit(lambda log: log.of_unit(UNIT, **{"leaves.jsonl": one_changed(log.of_unit(UNIT)["leaves.jsonl"])})),
    ),
    # what the log says of itself
    "versions with a gap": ("order", season(lambda log: resigned(log, with_field(30, version=77)).of_season())),
    "time that goes back": ("order", season(lambda log: resigned(log, with_field(30, at="1999-01-01T00:00:00.000Z")).of_season())),
    "heads of an earlier day": ("heads", season(stale_heads)),
    "unit whose last event is left out": ("heads", unit(lambda log: without_leaf(log, -1))),
    "unit whose middle event is left out": ("order", unit(lambda log: without_leaf(log, 2))),
    "unit whose first event is left out": ("order", unit(lambda log: without_leaf(log, 0))),
    "checkpoint without heads": ("heads", unit(no_heads)),
    "event recorded after the heads": ("heads", unit(recorded_after_heads)),
    "unit of which there is nothing": ("heads", unit(of_nobody)),
    "heads of another form": ("heads", unit(lambda log: log.of_unit(UNIT, **{"heads.json": b"[]"}))),
    "heads of another unit": ("heads", unit(lambda log: log.of_unit(UNIT, **{"heads.json": log.heads("west")}))),
    "definition of another content": (
        "definition", season(lambda log: log.of_season(**{f"definitions/{next(iter(log.definitions))}.json": b"{}"}))
    ),
    "definition that is missing": (
        "definition", season(lambda log: log.of_season(**{f"definitions/{next(iter(log.definitions))}.json": None}))
    ),
    # the fold
    "kind that nobody knows": ("fold", season(lambda log: resigned(log, with_field(30, kind="forgotten")).of_season())),
    "season-wide kind at a unit": ("fold", season(wide_at_a_unit)),
    "fact without a name": ("fold", season(with_payload("fact_recorded", fact=...))),
    "fact that is null": ("fold", season(with_payload("fact_recorded", value=None))),
    "fact that is a list": ("fold", season(with_payload("fact_recorded", value=[1]))),
    "fact that is half a date": ("fold", season(with_payload("fact_recorded", value={"date": "2021-04"}))),
    "document numbered by true": ("fold", season(with_payload("document_filed", number=True))),
    "awards that are a text": ("fold", season(with_payload("advanced", awards="held"))),
    "annulment of nothing": ("fold", season(with_payload("annulled", seq=2))),
    "correction of nothing": ("fold", season(with_payload("corrected", seq=2))),
    "correction of what was cleared": ("fold", season(correction_of_what_was_cleared)),
    "enrolment for the second time": ("fold", season(enrolled_twice)),
    "correction that is withdrawn perhaps": ("fold", season(with_payload("corrected", withdrawn=1))),
    "enrolment of somebody else": ("fold", season(with_payload("unit_enrolled", enrolled={"code": "elsewhere"}))),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
def test_what_is_not_so_is_named(what: str, log: Made, check: Check) -> None:
    code, forge = FORGED[what]
    files, scope = forge(log)

    assert code_of(check(files, scope)) == code


def test_every_definition_that_the_log_names_has_to_be_there(log: Made, check: Check) -> None:
    for digest in log.definitions:
        assert code_of(check(log.of_season(**{f"definitions/{digest}.json": None}))) == "definition"


def test_a_new_attempt_in_the_same_state_is_a_move() -> None:
    fold = verify.Fold()
    events = [
        ("unit_enrolled", "2021-01-01", {"enrolled": {"code": "east"}, "state": "election"}),
        ("advanced", "2021-02-01", {"source": "election", "target": "election", "attempt": 1}),
        ("advanced", "2021-03-01", {"source": "election", "target": "election", "attempt": 2}),
        ("advanced", "2021-04-01", {"source": "election", "target": "election", "attempt": 2}),
    ]
    for seq, (kind, on, payload) in enumerate(events, 1):
        fold.take({"unit": "east", "kind": kind, "seq": seq, "on": on, "payload": payload})

    assert verify.told("east", fold.units["east"], 4)["since"] == "2021-03-01"


def test_every_code_of_the_page_is_among_them() -> None:
    page = PROGRAM.parents[2].joinpath("docs", "bundle.md").read_text("utf-8")
    table = page[page.index("| code | fails when |") : page.index("The policy that counts")]
    codes = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}

    assert codes == {code for code, _ in FORGED.values()} | {"container", "past"}


def test_the_first_event_that_is_wrong_is_named(log: Made, check: Check) -> None:
    report = check(resigned(log, with_field(30, kind="forgotten")).of_season())

    assert report.as_json()["problem"] == {"code": "fold", "seq": 31}
    assert "sự kiện 31: không biết loại sự kiện forgotten" in "\n".join(verify.lines_of(report, "x", verify.Speaker("vi")))


# ------------------------------------------------------------------------------------------------------------------- the past


@pytest.mark.parametrize("scope", ["season", "unit"])
def test_a_past_that_was_rewritten_is_seen(log: Made, check: Check, scope: str) -> None:
    before = log.signed(size=40)
    rewritten = made(log.with_leaves(with_field(20, on="2020-11-11")).leaves[:-1], log.definitions)
    files = rewritten.of_season() if scope == "season" else rewritten.of_unit(UNIT, since=40)

    assert code_of(check(files, scope)) is None
    assert code_of(check(files, scope, earlier=before)) == "past"


@pytest.mark.parametrize("scope", ["season", "unit"])
def test_a_past_that_was_rewritten_is_told_beside_the_witnesses_who_would_not_sign_it(
    log: Made, check: Check, scope: str
) -> None:
    def of(some: Made) -> Files:
        return some.of_season() if scope == "season" else some.of_unit(UNIT, since=40)

    before = log.signed(size=40)
    other = made(log.with_leaves(with_field(20, on="2020-11-11")).leaves[:-1], log.definitions)
    rewritten = check(of(other), scope, earlier=before, policy=other.policy("union"))
    told = "\n".join(verify.lines_of(rewritten, "x", verify.Speaker("en")))

    assert code_of(rewritten) == "signature"
    assert ("the past was rewritten" in told, "no other bundle mends that" in told) == (True, True)
    assert told.count("[FAILS]") == 2
    for unmoved in (
        check(of(log), scope, earlier=before, policy=log.policy("union")),  # only the witness is missing
        check(of(other), scope, policy=other.policy("union")),  # nothing to compare with
        check(of(other), scope, earlier=before, policy=other.policy(seed="other")),  # nobody we know says that this is the log
    ):
        assert code_of(unmoved) == "signature"
        assert "rewritten" not in "\n".join(verify.lines_of(unmoved, "x", verify.Speaker("en")))


def test_a_log_that_became_shorter_is_seen(log: Made, check: Check) -> None:
    longer = made(log.leaves, log.definitions)

    assert code_of(check(log.of_season(), earlier=longer.signed())) == "past"


def test_a_checkpoint_of_another_log_is_seen(log: Made, check: Check) -> None:
    assert code_of(check(log.of_season(), earlier=history(SEEDS[0]).signed().replace(b"/live/", b"/rehearsal/"))) == "past"


def test_a_unit_without_the_proof_of_the_past_is_not_accused(log: Made, check: Check) -> None:
    assert code_of(check(log.of_unit(UNIT), "unit", earlier=log.signed(size=40))) == "no_proof"
    assert code_of(check(log.of_unit(UNIT, since=39), "unit", earlier=log.signed(size=40))) == "no_proof"


@pytest.mark.parametrize(
    "forge",
    [
        lambda log: log.request(40).replace(b"old 40", b"old 040"),
        lambda log: b"old 40\n" + log.path(consistency(39, len(log.leaves))).encode() + b"\n" + log.signed(),
        lambda log: log.request(40).split(b"\n\n")[0] + b"\n\n" + log.signed(size=41),
        lambda log: b"old 40\n\n" + log.signed(),
        lambda log: b"",
        lambda log: b"\xff" * 40,
    ],
)
def test_a_forged_proof_of_the_past_is_seen(log: Made, check: Check, forge: Callable[[Made], bytes]) -> None:
    assert code_of(check(log.of_unit(UNIT, consistency=forge(log)), "unit", earlier=log.signed(size=40))) == "past"


# ------------------------------------------------------------------------------------------------------------- the containers


def entry_of(raw: bytes | bytearray, name: bytes) -> int:
    """Where the directory of a ZIP file speaks of a name."""
    return raw.index(b"PK\x01\x02", raw.rindex(name) - 46)


def with_names(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"x")
    return out.getvalue()


def with_entry(raw: bytes, at: int, value: bytes) -> bytes:
    """The directory says something else of the checkpoint."""
    at += entry_of(raw, b"checkpoint")
    return raw[:at] + value + raw[at + len(value) :]


def raw_twice(raw: bytes) -> bytes:
    return raw.replace(b"README.txt", b"verify.py2").replace(b"verify.py2", b"checkpoint")


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "no ZIP": lambda raw: b"PK\x03\x04 and nothing more of it, though long enough",
    "empty file": lambda raw: b"",
    "cut off": lambda raw: raw[:-30],
    "without its beginning": lambda raw: raw[30:],
    "something in front": lambda raw: b"#!/bin/sh\n" + raw,
    "something behind": lambda raw: raw + b"more",
    "a comment": lambda raw: raw[:-2] + b"\x04\x00more",
    "a path that climbs": lambda raw: with_names("../checkpoint"),
    "a path from the root": lambda raw: with_names("/checkpoint"),
    "a drive": lambda raw: with_names("C:/checkpoint"),
    "a backslash": lambda raw: with_names("proofs\\1.tlog-proof"),
    "a hidden name": lambda raw: with_names("proofs/.x"),
    "letters with marks": lambda raw: with_names("điểm-chốt"),
    "a folder": lambda raw: with_names("proofs/"),
    "a NUL in a name": lambda raw: with_names("manifestXjson").replace(b"manifestXjson", b"manifest\x00json"),
    "a name twice": raw_twice,
    "encrypted": lambda raw: with_entry(raw, 8, b"\x01"),
    "damaged": lambda raw: raw[:200] + bytes([raw[200] ^ 1]) + raw[201:],
    "flags of another kind": lambda raw: with_entry(raw, 8, struct.pack("<H", 1 << 12)),
    "a version of another kind": lambda raw: with_entry(raw, 6, struct.pack("<H", 63)),
    "a disk of many": lambda raw: raw[:-18] + b"\x01\x00" + raw[-16:],
    "an entry too many": lambda raw: raw[:-14] + struct.pack("<HH", raw[-14] + 1, raw[-12] + 1) + raw[-10:],
    "an entry too many here": lambda raw: raw[:-14] + struct.pack("<H", raw[-14] + 1) + raw[-12:],
    "a gap before the end": lambda raw: raw[:-22] + b"gap!" + raw[-22:],
    "two names for one file": lambda raw: raw.replace(b"README.txt", b"README.md!", 1),
    "a directory for large files that nobody needs": lambda raw: raw[:-22] + b"PK\x06\x07" + bytes(16) + raw[-22:],
    "a directory of nonsense": lambda raw: raw[:-12] + struct.pack("<LLH", 2**31, 2**31, 0)[:12],
}


@pytest.mark.parametrize("what", CONTAINERS)
def test_a_container_that_is_none_is_told_as_such(what: str, log: Made, tmp_path: Path) -> None:
    raw = CONTAINERS[what](zipped(sealed(log.of_season())))

    assert code_of(checked_zip(raw, tmp_path)) == "container"


def test_entries_that_share_their_bytes_are_refused(log: Made, tmp_path: Path) -> None:
    raw = bytearray(zipped(sealed(log.of_season())))
    first, second = entry_of(raw, b"checkpoint"), entry_of(raw, b"leaves.jsonl")
    raw[second + 42 : second + 46] = raw[first + 42 : first + 46]

    assert code_of(checked_zip(bytes(raw), tmp_path)) == "container"


def test_no_more_is_unpacked_than_the_manifest_names(log: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gigabyte of nothing fits into a megabyte; only what the manifest speaks of is looked at."""
    files = log.of_season()
    fitting = manifest(files)
    files["leaves.jsonl"] = bytes(64 << 20)
    read = 0
    whole = zipfile.ZipExtFile.read

    def counted(self: Any, n: int | None = -1) -> bytes:
        nonlocal read
        chunk = whole(self, n)
        read += len(chunk)
        return chunk

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    report = checked_zip(zipped({"manifest.json": fitting, **files}), tmp_path)

    assert code_of(report) == "manifest"
    assert read < 1 << 20


@pytest.mark.parametrize("name", ["checkpoint", "policy", "heads.json", "proofs/1.tlog-proof", "manifest.json"])
def test_a_file_that_is_far_too_large_is_not_of_its_form(log: Made, check: Check, name: str) -> None:
    codes = {"policy": "signature", "heads.json": "heads", "proofs/1.tlog-proof": "proof", "manifest.json": "manifest"}
    files = sealed(log.of_unit(UNIT), "unit", unit=UNIT)
    files[name] += b"\n" * (verify.LONGEST_MANIFEST if name == "manifest.json" else verify.LONGEST_OTHER)
    if name != "manifest.json":
        del files["manifest.json"]

    assert code_of(check(files, "unit")) == codes.get(name, "checkpoint")


def test_links_and_folders_in_place_of_files_are_refused(log: Made, tmp_path: Path) -> None:
    folder = unpacked(sealed(log.of_season()), tmp_path / "bundle")
    (folder / "policy").unlink()
    (folder / "policy").symlink_to(folder / "checkpoint")
    assert code_of(verify.check(verify.Asked(str(folder)))) == "container"

    (folder / "policy").unlink()
    (folder / "policy").mkdir()
    assert code_of(verify.check(verify.Asked(str(folder)))) == "manifest"

    (folder / "policy").rmdir()
    os.mkfifo(folder / "policy")
    assert code_of(verify.check(verify.Asked(str(folder)))) == "container"


NASTY = [
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"a":' + b"9" * 100_000 + b"}",
    b'{"a":1e999}',
    b'{"a":NaN}',
    b'{"a":1.0}',
    b'{"a":-0}',
    b'{"a":9007199254740992}',
    b'{"a":"\\ud800"}',
    b'{"a":"\xed\xa0\x80"}',
    b'{"a":"\x00"}',
    b'{"a":1,"a":1}',
    b'\xef\xbb\xbf{"a":1}',
    b'{"b":1,"a":1}',
    '{"a":"e\u0301"}'.encode(),
    b'{"a":"\\u0041"}',
    b'{"a":1} ',
    b"",
    b"\x00",
    b"\xff\xfe",
    b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
]


@pytest.mark.parametrize("raw", NASTY, ids=range(len(NASTY)))
def test_what_is_not_canonical_is_refused_wherever_it_stands(raw: bytes, log: Made, check: Check) -> None:
    with pytest.raises(verify.OtherForm):
        verify.read_json(raw)
    assert code_of(check({"manifest.json": raw, **log.of_season()})) == "manifest"
    assert code_of(check(log.of_unit(UNIT, **{"heads.json": raw}), "unit")) == "heads"
    leaves = lines([log.leaves[0], raw, *log.leaves[1:]])
    assert code_of(check(log.of_season(**{"leaves.jsonl": leaves}))) == "leaves"


@pytest.mark.parametrize(
    "value", [{}, [], 0, -1, 2**53 - 1, "ễ", '"\\\n\u0000\u007f', {"a": [True, None]}, "\n\u0303", [[[]] * 70]]
)
def test_what_is_canonical_is_read(value: Any) -> None:
    assert verify.read_json(codec.canonical(value)) == value


def test_sixty_four_levels_are_enough() -> None:
    assert verify.read_json(b"[" * 64 + b"]" * 64)
    assert verify.read_json(b'["' + b"[" * 90 + b'"]') == ["[" * 90]


# -------------------------------------------------------------------------------------------------------- notes and policies


def test_a_note_without_a_name_or_with_a_space_in_it_is_none(log: Made, check: Check) -> None:
    text = log.checkpoint().encode()
    for line in (
        "— a\u00a0b AAAAAAA=",
        "— +a AAAAAAA=",
        "— a AAAAAA==",
        "— a AAAAAAB=",
        "—  AAAAAAA=",
        "- a AAAAAAA=",
        "— a",
        "",
    ):
        for checkpoint in (text + b"\n" + line.encode() + b"\n", log.signed() + line.encode() + b"\n"):
            assert code_of(check(log.of_season(checkpoint=checkpoint))) == "checkpoint"


def test_signatures_by_others_are_passed_over(log: Made, check: Check) -> None:
    others = "".join(f"— other{n}.example AAAAAAA=\n" for n in range(40)).encode()
    report = check(log.of_season(checkpoint=log.signed() + others))

    assert code_of(report) is None
    assert report.signed_by == [log.name]


def test_a_time_beyond_the_end_is_no_cosignature(log: Made, check: Check) -> None:
    text = log.checkpoint()
    line = cosign(text, *key("w1", WITNESS), 2**63 - 1).line.encode()
    assert code_of(check(log.of_season(checkpoint=log.signed() + line, policy=log.policy("w1")))) is None

    raw = key("w1", WITNESS)[0].id + (2**63).to_bytes(8, "big")
    raw += key("w1", WITNESS)[1](f"cosignature/v1\ntime {2**63}\n{text}".encode())
    line = f"— w1 {b64encode(raw).decode()}\n".encode()
    assert code_of(check(log.of_season(checkpoint=log.signed() + line, policy=log.policy("w1")))) == "signature"


def vkeys(*names: str) -> list[str]:
    return [f"witness {name} {key(name, WITNESS)[0]}" for name in names]


def test_policies_of_groups_in_groups() -> None:
    policy = verify.Policy(
        "\n".join(
            [*vkeys("x1", "x2", "x3", "y1", "y2"), "  # how many of whom", "group X 2 x1 x2 x3", "group\tY any y1 y2", "group all all X Y",
             "quorum all"]
        ).encode()
    )  # fmt: skip
    keys = {name.decode(): witness for name, witness in policy.witnesses.items()}

    for enough in (["x1", "x2", "y1"], ["x3", "x2", "y2", "y1"]):
        assert policy.reached([keys[name] for name in enough])
    for few in (["x1", "x2", "x3"], ["x1", "y1", "y2"], []):
        assert not policy.reached([keys[name] for name in few])


@pytest.mark.parametrize(
    "text",
    [
        [],
        ["quorum none", "quorum none"],
        ["quorum a"],
        ["quorum a", *vkeys("a")],
        [*vkeys("a"), *vkeys("a"), "quorum none"],
        [*vkeys("a"), vkeys("a")[0].replace("witness a", "witness b"), "quorum none"],
        [*vkeys("a"), "group g 2 a", "quorum g"],
        [*vkeys("a"), "group g 0 a", "quorum g"],
        [*vkeys("a"), "group g 01 a", "quorum g"],
        [*vkeys("a"), "group g any", "quorum g"],
        [*vkeys("a"), "group g any a", "group h any a", "quorum g"],
        [*vkeys("a"), "group g any none", "quorum g"],
        [*vkeys("a"), "group none any a", "quorum none"],
        [*vkeys("a"), "group a any a", "quorum a"],
        ["group g any g", "quorum g"],
        [vkeys("a")[0].replace("witness a", "log"), "quorum none"],
        ["quorum none\r"],
        ["quorum none", "log"],
        ["something"],
        [vkeys("a")[0][:-2] + "A=", "quorum none"],
        [re.sub(r"\+[0-9a-f]{8}\+", "+00000000+", vkeys("a")[0]), "quorum none"],
    ],
    ids=range(21),
)
def test_what_is_no_policy(text: list[str]) -> None:
    with pytest.raises(verify.OtherForm):
        verify.Policy("\n".join(text).encode())


def test_a_policy_of_very_many_groups_is_judged() -> None:
    names = [f"g{n}" for n in range(3000)]
    groups = [f"group {name} any {before}" for name, before in zip(names, ["a", *names[:-1]], strict=True)]
    policy = verify.Policy("\n".join([*vkeys("a"), *groups, f"quorum {names[-1]}"]).encode())

    assert policy.reached(list(policy.witnesses.values()))
    assert not policy.reached([])


# -------------------------------------------------------------------------------------------------------- trees and their proofs


def test_all_true_proofs_of_small_trees_are_accepted_and_no_neighbour_of_them() -> None:
    leaves = [bytes([n]) for n in range(34)]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    tops = [Frontier().extend(hashes[:size]).root() if size else verify.NO_LEAVES for size in range(len(hashes) + 1)]
    for size in range(1, len(hashes) + 1):
        for index in range(size):
            path = roots(inclusion(index, size), iter(hashes))
            assert verify.included(index, size, hashes[index], path, tops[size])
            for other in ((index + 1, size), (index ^ 1, size), (index, size + 1), (-1, size)):
                accepted = verify.included(*other, hashes[index], path, tops[size])
                assert not accepted or (other[0] == index and _same_way(index, size, other[1]))
            assert not verify.included(index, size, hashes[index], [*path, hashes[0]], tops[size])
            assert not path or not verify.included(index, size, hashes[index], path[:-1], tops[size])
        for old in range(size):
            path = roots(consistency(old, size), iter(hashes))
            assert verify.goes_on(old, tops[old], size, tops[size], path)
            assert not verify.goes_on(old, leaf_hash(b"?"), size, tops[size], path)
            assert not old or not verify.goes_on(old, tops[old], 2 * size + 1, tops[size], path)
            assert not verify.goes_on(old, tops[old], size, tops[size], [*path, hashes[0]])


def _same_way(index: int, size: int, other: int) -> bool:
    """Of two sizes, a leaf may lie beside the same subtrees: then one proof fits both, to the same root."""
    return [span.start < index for span in inclusion(index, size)] == [span.start < index for span in inclusion(index, other)]


# -------------------------------------------------------------------------------------------------------------- random changes


def held(report: verify.Report) -> Any:
    return None if report.problem else (report.checkpoint, report.units)


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Files, str, Any]]:
    log = eventful()
    found = []
    for files, scope in ((log.of_season(), "season"), (log.of_unit(UNIT, since=40), "unit")):
        whole = sealed(files, scope, **({"unit": UNIT} if scope == "unit" else {}))
        report = checked_zip(zipped(whole), tmp_path_factory.mktemp("whole"), log.signed(size=40))
        assert not report.problem
        found.append((whole, scope, held(report)))
    return found


def disturbed_bytes(chance: random.Random, raw: bytes) -> bytes:
    at = chance.randrange(max(1, len(raw)))
    what = chance.randrange(6)
    if what == 0:
        return raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :] if raw else b"x"
    if what == 1:
        return raw[:at]
    if what == 2:
        return raw[:at] + raw[at + chance.randrange(1, 40) :]
    if what == 3:
        return raw[:at] + chance.randbytes(chance.randrange(1, 9)) + raw[at:]
    if what == 4:
        return raw[:at] + raw[max(0, at - chance.randrange(1, 60)) :]
    rows = raw.split(b"\n")
    one, two = chance.randrange(len(rows)), chance.randrange(len(rows))
    rows[one], rows[two] = rows[two], rows[one]
    return b"\n".join(rows)


STRANGE: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    2**53 - 1,
    "",
    "x",
    "season",
    [],
    {},
    [[]],
    {"date": "2021-01-01"},
    "\x00",
    "ễ",
]


def disturbed_json(chance: random.Random, value: Any) -> Any:
    """A JSON value in which one thing is another, gone, or there twice."""
    if isinstance(value, dict) and value and chance.randrange(4):
        name = chance.choice(sorted(value))
        if not chance.randrange(4):
            return {other: inner for other, inner in value.items() if other != name}
        return {**value, name: disturbed_json(chance, value[name])}
    if isinstance(value, list) and value and chance.randrange(4):
        at = chance.randrange(len(value))
        what = chance.randrange(3)
        if what == 0:
            return value[:at] + value[at + 1 :]
        return [*value[:at], *([value[at]] if what == 1 else []), disturbed_json(chance, value[at]), *value[at + 1 :]]
    return chance.choice(STRANGE)


def disturbed_leaves(chance: random.Random, raw: bytes) -> bytes:
    rows = raw.split(b"\n")
    at = chance.randrange(len(rows) - 1)
    rows[at] = codec.canonical(disturbed_json(chance, json.loads(rows[at])))
    return b"\n".join(rows)


def disturbed(chance: random.Random, files: Files) -> Files:
    """Some file changed, gone, renamed or in another's place."""
    name = chance.choice(sorted(files))
    what = chance.randrange(7)
    if what == 0:
        return {other: content for other, content in files.items() if other != name}
    if what == 1:
        other = chance.choice(sorted(files))
        return {**files, name: files[other], other: files[name]}
    if what == 2:
        return {
            **files,
            chance.choice(["proofs/7.tlog-proof", "x", f"definitions/{sha256(b'').hexdigest()}.json", "policy"]): files[name],
        }
    if what == 3:
        name = chance.choice([other for other in sorted(files) if not other.endswith((".txt", ".py"))])
    if name.endswith(".json") and chance.randrange(2):
        return {**files, name: codec.canonical(disturbed_json(chance, json.loads(files[name])))}
    if name == "leaves.jsonl" and chance.randrange(2):
        return {**files, name: disturbed_leaves(chance, files[name])}
    return {**files, name: disturbed_bytes(chance, files[name])}


@pytest.mark.parametrize("block", range(4))
def test_a_changed_bundle_is_refused_or_says_the_same(
    block: int, log: Made, tmp_path: Path, wholes: list[tuple[Files, str, Any]]
) -> None:
    """Bytes of the ZIP file, and bytes, values and whole files inside it with a manifest that fits them."""
    chance = random.Random(f"verifier {block}")
    earlier, policy = log.signed(size=40), log.policy()
    refused = 0
    for turn in range(int(os.environ.get("DAIHOI_VERIFIER_CHANGES", "100"))):
        files, scope, truth = chance.choice(wholes)
        if turn % 4 == 0:
            raw = disturbed_bytes(chance, zipped(files))
        else:
            other = disturbed(chance, {name: content for name, content in files.items() if name != "manifest.json"})
            fits = "checkpoint" in other and "leaves.jsonl" in other and chance.randrange(8)
            told = {"unit": UNIT} if scope == "unit" else {}
            try:
                first = manifest(other, scope, **told) if fits else disturbed_bytes(chance, files["manifest.json"])
            except ValueError:  # no number, no text: no manifest can be made that fits
                first = files["manifest.json"]
            raw = zipped({"manifest.json": first, **other})
        report = checked_zip(raw, tmp_path, earlier, policy)
        code_of(report)
        refused += bool(report.problem)

        assert report.problem is None or report.problem.code != "verifier"
        assert held(report) in (None, truth)

    assert refused


@pytest.mark.parametrize("block", range(2))
def test_a_log_that_says_anything_is_folded_or_refused(block: int, tmp_path: Path) -> None:
    """Everything is made anew and signed by the log itself: what the events say is all that is strange."""
    chance = random.Random(f"fold {block}")
    whole = eventful()
    codes = set()
    for _ in range(int(os.environ.get("DAIHOI_VERIFIER_FOLDS", "60"))):
        at = chance.randrange(len(whole.leaves) - 1)
        leaf = json.loads(whole.leaves[at])
        strange = codec.canonical({**leaf, "payload": disturbed_json(chance, leaf["payload"])})
        changed = made([*whole.leaves[:at], strange, *whole.leaves[at + 1 : -1]], whole.definitions)
        codes.add(code_of(checked_zip(zipped(sealed(changed.of_season())), tmp_path)))

    assert codes <= {None, "leaves", "definition", "fold"}
    assert "fold" in codes


# ------------------------------------------------------------------------------------------------------------ the command line


def run(
    *arguments: str, python: str = sys.executable, program: Path = PROGRAM, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """A process of its own, in an environment in which nothing of ours can be imported."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    alone = "-s" if "PYTHONIOENCODING" in environment else "-I"
    ran = subprocess.run(
        [python, alone, str(program), *arguments], env={**kept, **environment}, capture_output=True, check=False, timeout=120
    )
    assert b"Traceback" not in ran.stderr
    return ran


@pytest.fixture
def bundle(log: Made, tmp_path: Path) -> Path:
    path = tmp_path / "tay-ho.zip"
    path.write_bytes(zipped(sealed(log.of_season())))
    return path


def test_it_needs_nothing_but_python_3_8() -> None:
    source = PROGRAM.read_text("utf-8")
    ast.parse(source, feature_version=(3, 8))
    imported = {
        ((node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert imported <= sys.stdlib_module_names


def older_pythons() -> list[str]:
    """Other Pythons of this machine, from 3.8 on."""
    found = [shutil.which(f"python3.{minor}") for minor in (8, 9, 10, 12, 13, 14)]
    found += [str(path) for path in Path.home().glob(".pyenv/versions/3.*/bin/python3")]
    return [path for path in found if path and _version(path) >= (3, 8)]


def _version(python: str) -> tuple[int, ...]:
    ran = subprocess.run([python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, check=False)
    return tuple(map(int, ran.stdout.split())) if ran.returncode == 0 else ()


@pytest.mark.slow
def test_other_pythons_of_this_machine_say_the_same(bundle: Path, tmp_path: Path) -> None:
    here = run(str(bundle), "--json")
    assert here.returncode == 0
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(bundle.read_bytes()[:-40])
    for python in older_pythons():
        assert run(str(bundle), "--json", python=python).stdout == here.stdout
        assert run(str(damaged), python=python).returncode == 3


def test_from_inside_a_bundle_it_checks_the_folder_in_which_it_lies(log: Made, tmp_path: Path) -> None:
    folder = unpacked(sealed(log.of_season(**{"verify.py": PROGRAM.read_bytes()})), tmp_path / "bundle")

    assert run("--lang", "en", program=folder / "verify.py").returncode == 0
    assert b"All that was asked holds." in run("--lang", "en", program=folder / "verify.py").stdout


@pytest.mark.parametrize("name", ["json.py", "__future__.py", "ntpath.py"])
def test_what_lies_beside_it_is_never_run(name: str, log: Made, tmp_path: Path) -> None:
    """An auditor may put a verifier of their own into the folder that somebody else packed."""
    folder = unpacked(sealed(log.of_season()), tmp_path / "bundle")
    (folder / "verify.py").write_bytes(PROGRAM.read_bytes())
    (folder / name).write_text(f"open({str(tmp_path / 'was-run')!r}, 'w').close()", "utf-8")
    for python in (sys.executable, *older_pythons()[:1]):
        ran = subprocess.run([python, "-s", "verify.py"], cwd=folder, capture_output=True, check=False, timeout=60)
        assert ran.returncode == 3
    assert not (tmp_path / "was-run").exists()
    assert not (folder / "__pycache__").exists()


def test_it_says_whose_policy_it_was_and_what_it_does_not_prove(log: Made, bundle: Path, tmp_path: Path) -> None:
    theirs = run(str(bundle), "--lang", "vi").stdout.decode()
    assert "Chính sách lấy từ chính gói này" in theirs
    assert str(log.key()[0]) in theirs

    own = run(str(bundle), "--lang", "en", "--key", str(log.key()[0])).stdout.decode()
    assert "The policy is the bundle's own" not in own
    assert "No earlier checkpoint was given" in own

    bundle.write_bytes(zipped(sealed(log.of_season(policy=None))))
    assert "NO signature was asked" in run(str(bundle), "--lang", "en").stdout.decode()


def test_the_auditors_own_key_and_policy_count(log: Made, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "policy").write_bytes(b"\xef\xbb\xbf" + log.policy().replace(b"\n", b"\r\n"))
    (tmp_path / "other").write_bytes(log.policy(seed="other"))

    assert run(str(bundle), "--policy", str(tmp_path / "policy")).returncode == 0
    assert json.loads(run(str(bundle), "--json", "--policy", str(tmp_path / "other")).stdout)["problem"] == {"code": "signature"}
    assert run(str(bundle), "--key", str(log.key(seed="other")[0])).returncode == 3


def test_an_earlier_checkpoint_is_taken_along(log: Made, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "april").write_bytes(log.signed(size=33))
    (tmp_path / "other").write_bytes(history(SEEDS[0]).signed(size=33))

    ran = run(str(bundle), "--lang", "en", "--checkpoint", str(tmp_path / "april"))
    assert ran.returncode == 0
    assert b"(33 events) is the beginning of this very log" in ran.stdout
    assert run(str(bundle), "--checkpoint", str(tmp_path / "other")).returncode == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.zip"],
        ["{bundle}", "--policy", "nowhere"],
        ["{bundle}", "--policy", "{bundle}"],
        ["{bundle}", "--checkpoint", "{bundle}"],
        ["{bundle}", "--checkpoint", "."],
        ["{bundle}", "--key", "x"],
        ["{bundle}", "--key", "{witness}"],
        ["{bundle}", "--key", "{log}", "--policy", "{bundle}"],
        ["{bundle}", "--lang", "fr"],
        ["{bundle}", "--nonsense"],
        ["{bundle}", "{bundle}"],
        [],
    ],
)
def test_called_wrongly_it_says_how(arguments: list[str], bundle: Path, log: Made) -> None:
    words = {"bundle": str(bundle), "witness": str(key("w", WITNESS)[0]), "log": str(key(log.name, LOG)[0])}
    ran = run(*(argument.format(**words) for argument in arguments), "--json")

    assert (ran.returncode, ran.stdout) == (2, b"")
    assert "--help" in ran.stderr.decode()


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "cp1258", "utf-8"])
def test_no_console_is_too_old_for_the_words(encoding: str, bundle: Path) -> None:
    ran = run(str(bundle), "--lang", "vi", PYTHONIOENCODING=encoding)

    assert ran.returncode == 0
    if encoding == "ascii":
        assert "Moi dieu duoc xet deu dung." in ran.stdout.decode("ascii")


def test_the_language_is_the_machines_and_vietnamese_where_it_is_not_english(bundle: Path) -> None:
    assert b"All that was asked holds" in run(str(bundle), LANG="en_GB.UTF-8", PYTHONIOENCODING="utf-8").stdout
    assert "Mọi điều được xét" in run(str(bundle), LANG="C", PYTHONIOENCODING="utf-8").stdout.decode()
    assert "Kiểm tra" in run("--help", "--lang", "vi", PYTHONIOENCODING="utf-8").stdout.decode()


def test_a_reader_who_goes_away_changes_nothing(bundle: Path) -> None:
    ran = subprocess.Popen([sys.executable, str(PROGRAM), str(bundle)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.close()
    assert ran.stderr.read() == b""
    ran.stderr.close()
    assert ran.wait(60) == 0


def test_what_a_bundle_says_cannot_steer_a_terminal(log: Made, check: Check) -> None:
    at = first_of(log, "unit_enrolled")
    leaf = json.loads(log.leaves[at])
    state = "\x1b[2Jrecognised\u202e"
    told = resigned(log, with_field(at, payload={**leaf["payload"], "state": state})).of_season()
    report = check(told)

    said = "\n".join(verify.lines_of(report, "x", verify.Speaker("vi")))
    assert report.exit_code == 0
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_every_sentence_is_there_in_both_languages_with_the_same_gaps() -> None:
    for languages in verify.WORDS.values():
        vi, en = (sorted(name for _, name, _, _ in verify_fields(text) if name) for text in languages)
        assert vi == en
    source = PROGRAM.read_text("utf-8")
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("Broken", "Misuse"):
            texts = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if call.func.id == "Misuse" and texts:
                assert f"use:{texts[0]}" in verify.WORDS
            elif len(texts) > 1:
                assert f"{texts[0]}.{texts[1]}" in verify.WORDS
                assert f"no:{texts[0]}" in verify.WORDS


def verify_fields(text: str) -> Any:
    import string

    return string.Formatter().parse(text)


# ------------------------------------------------------------------------------------------------------------------- openssl


def program(folder: Path, *says: str) -> str:
    path = folder / "openssl"
    path.write_text("\n".join(["#!/bin/sh", *says, ""]), "utf-8")
    path.chmod(0o755)
    return str(path)


LIARS = {
    "says yes to everything": ["echo Signature Verified Successfully", "exit 0"],
    "says no to everything": ["echo Signature Verification Failure", "exit 1"],
    "does not know the option": ["echo pkeyutl: Option unknown option -rawin >&2", "exit 1"],
    "succeeds in silence": ["exit 0"],
    "cannot start": ["exec /nonexistent"],
}


@pytest.mark.parametrize("liar", LIARS)
def test_a_program_that_cannot_tell_good_from_bad_is_not_trusted(liar: str, bundle: Path, tmp_path: Path) -> None:
    ran = run(str(bundle), "--lang", "en", "--openssl", program(tmp_path, *LIARS[liar]))

    assert ran.returncode == 4
    assert b"openssl is needed, 3.0 or newer" in ran.stdout
    assert b"Where the units stand" not in ran.stdout


def test_without_the_program_there_is_no_answer_but_what_is_wrong_is_still_said(log: Made, bundle: Path, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none" / "openssl")
    answer = run(str(bundle), "--json", "--openssl", nowhere)
    assert answer.returncode == 4
    assert json.loads(answer.stdout)["problem"] == {"code": "no_ed25519"}
    assert json.loads(answer.stdout)["units"] == []

    bundle.write_bytes(zipped(sealed(log.of_season(**{"leaves.jsonl": lines(log.leaves[:-1])}))))
    answer = run(str(bundle), "--json", "--openssl", nowhere)
    assert answer.returncode == 3
    assert json.loads(answer.stdout)["problem"]["code"] == "root"


def test_without_a_policy_nobody_needs_the_program(log: Made, bundle: Path, tmp_path: Path) -> None:
    bundle.write_bytes(zipped(sealed(log.of_season(policy=None))))

    assert run(str(bundle), "--openssl", str(tmp_path / "none")).returncode == 0


def test_a_program_beside_the_bundle_is_never_run(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever made the bundle may have put one there; Windows looks in the current folder before the PATH."""
    liar = program(tmp_path, f"touch {tmp_path}/was-run", "echo Signature Verified Successfully")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", str(tmp_path), os.environ["PATH"]]))

    assert FIND_OPENSSL().program != liar
    assert not (tmp_path / "was-run").exists()
