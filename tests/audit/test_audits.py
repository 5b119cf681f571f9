"""An auditor's questions: does the log hold what was signed, is an event in it, is one copy the beginning of the other?"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import attrs
import pytest

from engine import commands as cmd
from engine.actors import Actor
from engine.leaf import read_leaf
from engine.merkle import Frontier, leaf_hash
from engine.tlog.checkpoints import Checkpoint, EntryProof, Signed, read_entry_proof
from engine.tlog.notes import Note, sign
from engine.tlog.policies import Policy, read_policy
from store.audit import parting
from store.audit.comparing import Compared, compare, is_store
from store.audit.errors import NeedsProof, NotContinued, NotInside, NotVouched
from store.audit.proving import check
from store.audit.trust import require_backing
from store.opening import WAIT, open_session
from store.receipts import Receipts
from store.sources import system_sources
from tests.audit.insider import rewrite
from tests.audit.keyring import Cosigner, issued, key_of
from tests.audit.rows import Leaf
from tests.cli.conftest import Shell
from tests.store.seasons import Maker, StoredSeason, reopened
from tests.tlog.signing import key


@pytest.fixture
def cosigners(tmp_path: Path) -> list[Cosigner]:
    return [Cosigner(f"w.example/{number}", tmp_path) for number in range(3)]


def policy(season: StoredSeason, cosigners: list[Cosigner], least: str = "2") -> Policy:
    log = key_of(season.desk)[0]
    known = "".join(f"witness w{n} {c.public}\n" for n, c in enumerate(cosigners))
    return read_policy(f"log {log}\n{known}group g {least} w0 w1 w2\nquorum g\n".encode())


def cosigned(season: StoredSeason, cosigners: list[Cosigner]) -> Signed:
    made = issued(season.desk).signed
    for cosigner in cosigners:
        made = cosigner.witness.cosign(made, key_of(season.desk)[0]).signed
    return made


def problems(season: StoredSeason, signed: Signed, trusted: Policy | None = None) -> list[str]:
    answer = season.desk.audit("hashes", checkpoint=signed, policy=trusted)
    assert answer.ok == (not answer.problems)
    return [problem.problem for problem in answer.problems]


# verify


def test_a_log_that_went_on_still_holds_what_was_signed(season: StoredSeason, cosigners: list[Cosigner]) -> None:
    season.submitted("north")
    signed = cosigned(season, cosigners[:2])
    season.submitted("south")
    answer = season.desk.audit(checkpoint=signed, policy=policy(season, cosigners))

    assert answer.ok
    said = {note.code: note.fields for note in answer.notes}
    assert "checkpoint_holds" in said
    assert said["checkpoint_backed"]["witnesses"] == ("w.example/0", "w.example/1")
    assert answer.events == season.size() > signed.checkpoint.size


def test_without_a_policy_one_is_told_that_nobody_asked_who_signed(season: StoredSeason) -> None:
    answer = season.desk.audit("hashes", checkpoint=issued(season.desk).signed)

    assert answer.ok
    assert "no_policy" in {note.code for note in answer.notes}


@pytest.mark.parametrize(
    ("least", "many", "found"), [("2", 1, ["checkpoint_quorum"]), ("1", 1, []), ("all", 2, ["checkpoint_quorum"]), ("all", 3, [])]
)
def test_k_of_n_witnesses_have_to_have_cosigned(
    season: StoredSeason, cosigners: list[Cosigner], least: str, many: int, found: list[str]
) -> None:
    assert problems(season, cosigned(season, cosigners[:many]), policy(season, cosigners, least)) == found


def test_a_checkpoint_that_was_changed_or_signed_by_another_is_not_relied_on(
    season: StoredSeason, cosigners: list[Cosigner]
) -> None:
    true = cosigned(season, cosigners)
    trusted = policy(season, cosigners)
    thief, private = key(true.checkpoint.origin, 1, "stolen")
    by_thief = attrs.evolve(true, note=Note(true.note.text, (sign(true.note.text, thief, private), *true.note.signatures[1:])))
    other = attrs.evolve(true.checkpoint, root=leaf_hash(b"other"))
    changed = Signed(other, attrs.evolve(true.note, text=other.text))

    assert problems(season, by_thief, trusted) == ["checkpoint_unsigned"]
    assert problems(season, changed, trusted) == ["checkpoint_signature", "checkpoint_root"]


def test_a_checkpoint_of_another_log_or_of_more_events_is_told(season: StoredSeason, make: Maker, tmp_path: Path) -> None:
    other = make(tmp_path / "other.db", origin="rehearsal")
    mine = issued(season.desk).signed
    longer = attrs.evolve(mine, checkpoint=attrs.evolve(mine.checkpoint, size=mine.checkpoint.size + 1))

    assert problems(season, issued(other.desk).signed) == ["checkpoint_other_log"]
    assert problems(season, longer) == ["checkpoint_longer"]


def test_where_nobody_is_trusted_who_signed_the_log_is_asked_for_before_its_witnesses(
    season: StoredSeason, cosigners: list[Cosigner]
) -> None:
    nobody = attrs.evolve(issued(season.desk).signed, note=Note(issued(season.desk).signed.note.text, ()))

    assert problems(season, nobody, policy(season, cosigners)) == ["checkpoint_unsigned", "checkpoint_quorum"]
    with pytest.raises(NotVouched) as told:
        require_backing(nobody, policy(season, cosigners))
    assert told.value.why == "nobody"


def test_between_a_checkpoint_that_holds_and_a_receipt_that_does_not_lies_what_differs(
    make: Maker, path: Path, tmp_path: Path
) -> None:
    season = make(path, receipts=Receipts(tmp_path / "all"))
    season.submitted("north")
    signed = issued(season.desk).signed
    season.submitted("south")
    size = season.size()
    season.desk.close()
    last = Receipts(tmp_path / "last")
    last.path.write_text((tmp_path / "all").read_text("utf-8").splitlines()[-1], "utf-8")
    forge(path, size - 1)
    with reopened(path, read_only=True) as desk:
        alone = desk.audit("hashes", receipts=last)
        with_it = desk.audit("hashes", receipts=last, checkpoint=signed)

    for answer, after in ((alone, 0), (with_it, signed.checkpoint.size)):
        (problem,) = (p for p in answer.problems if p.problem == "receipt_root")
        assert problem.fields == {"size": size, "after": after, "first": after + 1}


def forge(path: Path, seq: int) -> None:
    """Change an event and make everything in the file fit again: the column beside it, the head, and no triggers to complain."""
    raw = sqlite3.connect(path)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    (leaf,) = raw.execute("SELECT leaf FROM log WHERE seq = ?", (seq,)).fetchone()
    changed = json.loads(leaf)
    changed["on"] = "2021-02-28"
    forged = json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert forged != leaf
    raw.execute(
        "UPDATE log SET leaf = ?, leaf_hash = ?, effective_on = ? WHERE seq = ?", (forged, leaf_hash(forged), "2021-02-28", seq)
    )
    hashes = [leaf_hash(one) for (one,) in raw.execute("SELECT leaf FROM log ORDER BY seq")]
    raw.execute("UPDATE head SET frontier = ?", (Frontier().extend(hashes).to_bytes(),))
    raw.commit()
    raw.close()


def test_one_event_rewritten_between_two_visits_is_found_and_named(stored: StoredSeason, path: Path, tmp_path: Path) -> None:
    stored.submitted("north")
    signed = issued(stored.desk).signed
    seq = stored.size() - 1
    stored.desk.close()
    (tmp_path / "copy.db").write_bytes(path.read_bytes())
    forge(path, seq)
    with reopened(path, read_only=True) as desk:
        assert desk.verify("hashes").ok  # from inside nothing is to be seen
        found = desk.audit("hashes", checkpoint=signed)
        with pytest.raises(NotContinued) as told:
            desk.prove(1, signed)
        assert told.value.why == "past"
        ahead = attrs.evolve(signed.checkpoint, size=signed.checkpoint.size + 1)
        with pytest.raises(NotContinued) as told:
            desk.prove(1, Signed(ahead, Note(ahead.text, ())))
        assert told.value.why == "longer"
    compared = compare(str(tmp_path / "copy.db"), str(path))

    assert [problem.problem for problem in found.problems] == ["checkpoint_root"]
    assert compared.problem == "past"
    assert compared.first is not None
    assert (compared.first.seq, compared.first.fields) == (seq, ("on",))
    assert compared.first.old is not None
    assert read_leaf(compared.first.old.leaf)[1].unit == "north"


# prove and check


def test_every_event_has_a_proof_that_holds_without_the_log(season: StoredSeason, cosigners: list[Cosigner]) -> None:
    season.submitted("north")
    signed, trusted = cosigned(season, cosigners[:2]), policy(season, cosigners)
    season.submitted("south")
    for line in season.desk.history(limit=100):
        seq = line.recorded.seq
        if seq > signed.checkpoint.size:
            with pytest.raises(NotInside):
                season.desk.prove(seq, signed)
            continue
        made = season.desk.prove(seq, signed)
        checked = check(read_entry_proof(made.to_bytes()), trusted)

        assert checked.ok
        assert leaf_hash(made.extra or b"").hex() == line.leaf_hash
        assert checked.recorded == line.recorded


def test_of_a_unit_its_last_event_in_the_checkpoint_is_proven(season: StoredSeason) -> None:
    season.submitted("north")
    signed = issued(season.desk).signed
    season.do(cmd.ApproveDocument, "north", "2021-03-20", "city", document="political_report", decision="1/QĐ")

    assert season.desk.prove("north", signed).index + 1 == signed.checkpoint.size - 1  # the heads come after it
    for what in (0, signed.checkpoint.size + 1, "nobody"):
        with pytest.raises(NotInside):
            season.desk.prove(what, signed)


def test_a_proof_with_another_entry_in_it_proves_nothing(season: StoredSeason, cosigners: list[Cosigner]) -> None:
    signed, trusted = cosigned(season, cosigners), policy(season, cosigners)
    one, two = season.desk.prove(3, signed), season.desk.prove(4, signed)
    forged: list[EntryProof] = [
        attrs.evolve(one, extra=two.extra),
        attrs.evolve(one, extra=None),
        attrs.evolve(one, extra=b"[" * 100_000),
        attrs.evolve(one, index=3),
        attrs.evolve(one, hashes=two.hashes),
    ]
    for proof in forged:
        checked = check(proof, trusted)
        assert [(p.problem, p.seq) for p in checked.problems] == [("not_proven", proof.index + 1)]
        assert not checked.ok
    assert [p.problem for p in check(one, policy(season, cosigners[1:] + cosigners[:1], "3")).problems] == []


@pytest.mark.parametrize("leaf", [b"nobody can read this", b'{"seq":1}', b""])
def test_what_a_log_signed_at_another_place_or_as_something_else_is_proven_and_yet_not_the_entry(leaf: bytes) -> None:
    """A log may sign what it likes: an entry that says another number, or none at all."""
    checkpoint = Checkpoint("log.example/one", 2, Frontier().extend([leaf_hash(b"first"), leaf_hash(leaf)]).root())
    proof = EntryProof(1, (leaf_hash(b"first"),), Signed(checkpoint, Note(checkpoint.text, ())), leaf)
    checked = check(proof, None)

    assert proof.holds(leaf)
    assert [(p.problem, p.seq) for p in checked.problems] == [("not_the_entry", 2)]


# diff


@pytest.fixture
def two(make: Maker, address: str, tmp_path: Path) -> tuple[StoredSeason, str]:
    """A season in a store that can be opened twice, and where it is."""
    if address == "sqlite://":
        pytest.skip("NOT TRIED: a store in memory is nobody else's to open")
    return make(), address


def test_yesterdays_copy_is_the_beginning_of_todays(two: tuple[StoredSeason, str], tmp_path: Path) -> None:
    season, place = two
    season.submitted("north")
    first = issued(season.desk).signed
    old = tmp_path / "old.checkpoint"
    old.write_bytes(first.note.to_bytes())
    season.submitted("south")

    by_checkpoint, by_itself = compare(str(old), place), compare(place, place)

    assert (by_checkpoint.ok, by_itself.ok) == (True, True)
    assert by_checkpoint.new.checkpoint.size - by_checkpoint.old.checkpoint.size > 0
    assert by_checkpoint.proof
    assert (by_checkpoint.old.kind, by_checkpoint.new.kind) == ("checkpoint", "store")
    assert (by_checkpoint.parting, by_itself.parting) == (None, None)
    assert (by_itself.first, by_itself.proof) == (None, ())


def test_every_store_hands_out_units_in_the_same_order(two: tuple[StoredSeason, str]) -> None:
    """Else a copy on another kind of store would seem to part from it everywhere."""
    _, place = two
    session = open_session(place, None, system_sources(), read_only=True, wait=WAIT)
    try:
        with session.store.transaction():
            entries = [(entry.unit, entry.version) for entry in parting.entries(session, parting._BY_UNIT)]
    finally:
        session.store.close()

    assert entries == sorted(entries)
    assert len({unit for unit, _ in entries}) > 1


def copies(make: Maker, tmp_path: Path) -> tuple[str, str]:
    """A copy, and the file it was made of, which went on."""
    season = make(tmp_path / "new.db")
    season.submitted("north")
    season.desk.close()
    (tmp_path / "old.db").write_bytes((tmp_path / "new.db").read_bytes())
    with reopened(tmp_path / "new.db") as desk:
        StoredSeason(desk, season.clock).submitted("south")
    return str(tmp_path / "old.db"), str(tmp_path / "new.db")


def test_two_files_are_compared_by_proof_and_by_content(make: Maker, tmp_path: Path) -> None:
    old, new = copies(make, tmp_path)
    forward, back = compare(old, new), compare(new, old)

    assert (forward.problem, forward.first, forward.parting) == (None, None, None)
    assert forward.proof
    assert back.problem == "shorter"
    assert back.first is not None
    assert (back.first.seq, back.first.new) == (back.new.checkpoint.size + 1, None)


def test_copies_that_went_on_differently_part_where_they_part(make: Maker, tmp_path: Path) -> None:
    old, new = copies(make, tmp_path)
    common = compare(old, new).old.checkpoint.size
    season = reopened(old, seed="another")
    with season:
        season.submit(cmd.ApproveDocument(unit="north", actor=Actor(unit="city"), document="political_report"))
    told = compare(old, new)

    assert told.problem == "past"
    assert told.first is not None
    assert told.first.seq == common + 1


def test_seasons_that_are_not_the_same_log_are_told_apart(make: Maker, tmp_path: Path) -> None:
    make(tmp_path / "a.db").desk.close()
    make(tmp_path / "b.db", origin="rehearsal").desk.close()
    told = compare(str(tmp_path / "a.db"), str(tmp_path / "b.db"))

    assert told.problem == "other_log"
    assert told.first is not None
    assert told.first.seq == 1
    assert told.parting is None


def test_of_a_rewritten_log_an_old_checkpoint_knows_that_it_is_another(make: Maker, tmp_path: Path) -> None:
    _, new = copies(make, tmp_path)
    with reopened(new, seed="another") as desk:
        (tmp_path / "old.checkpoint").write_bytes(issued(desk).signed.note.to_bytes())

    def say_another(leaves: list[Leaf]) -> None:
        next(leaf for leaf in leaves if leaf["kind"] == "fact_recorded")["payload"]["value"] = 999

    rewrite(tmp_path / "new.db", say_another)
    told = compare(str(tmp_path / "old.checkpoint"), new)

    assert (told.problem, told.first, told.parting) == ("past", None, None)


def test_the_same_events_under_other_numbers_are_another_past(make: Maker, tmp_path: Path) -> None:
    old, new = copies(make, tmp_path)
    with sqlite3.connect(old) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE log SET seq = seq + 1 WHERE seq = (SELECT max(seq) FROM log)")
    raw.close()
    told = compare(old, new)

    assert told.problem == "past"
    assert told.first is not None
    assert told.first.seq == told.old.checkpoint.size


def test_what_cannot_be_looked_into_is_taken_for_a_store_which_then_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    (tmp_path / "kept").write_text("a checkpoint\n")
    assert not is_store(str(tmp_path / "kept"))
    monkeypatch.setattr(Path, "open", refused)
    assert is_store(str(tmp_path / "kept"))


def test_what_was_rewritten_for_one_unit_is_told_of_that_unit_alone(make: Maker, tmp_path: Path) -> None:
    old, new = copies(make, tmp_path)
    with reopened(new, seed="another") as desk:
        issued(desk)  # every unit's last event goes on record
    (tmp_path / "old.db").write_bytes((tmp_path / "new.db").read_bytes())

    def put_in(leaves: list[Leaf]) -> None:
        told = next(leaf for leaf in leaves if leaf["unit"] == "north" and leaf["kind"] == "fact_recorded")
        leaves.insert(told["seq"], {**told, "command": "one more"})

    rewrite(tmp_path / "new.db", put_in)
    told = compare(old, new)

    assert (told.problem, told.parting is not None) == ("past", True)
    assert told.parting is not None
    assert [parted.unit for parted in told.parting.units] == ["north"]
    assert told.parting.following == (told.old.checkpoint.size,)
    assert told.first is not None
    assert told.first.seq == told.parting.units[0].first[0].seq
    with reopened(new, read_only=True) as desk:
        assert desk.verify("fold").ok  # nothing inside the file says so


def test_a_value_that_was_rewritten_is_shown_as_it_stands_on_either_side(make: Maker, tmp_path: Path) -> None:
    old, new = copies(make, tmp_path)

    def say_another(leaves: list[Leaf]) -> None:
        fact = next(leaf for leaf in leaves if leaf["kind"] == "fact_recorded")
        fact["payload"]["value"], fact["actor"]["unit"] = 999, "city"
        fact["clock"] = "2021-01-01T00:00:00.000Z"  # only one of the two says this

    rewrite(tmp_path / "new.db", say_another)
    told = compare(old, new)
    found = told.parting

    assert found is not None
    (parted,) = found.units
    (pair,) = parted.first
    assert [(change.path, change.new) for change in pair.changes] == [
        (("actor", "unit"), "city"), (("clock",), "2021-01-01T00:00:00.000Z"), (("payload", "value"), 999),
    ]  # fmt: skip
    assert told.first is not None
    assert told.first.fields == ("actor", "clock", "payload")
    assert found.following == ()  # it was not that unit's last event


@pytest.mark.parametrize("lost", [True, False])
def test_an_event_that_one_side_lacks_is_told_of_its_unit(make: Maker, tmp_path: Path, lost: bool) -> None:
    """Cut out of the newer copy, or only in it although as many events behind it are older."""
    old, new = copies(make, tmp_path)
    (tmp_path / "old.db").write_bytes((tmp_path / "new.db").read_bytes())

    def cut_out(leaves: list[Leaf]) -> None:
        leaves.remove(next(leaf for leaf in reversed(leaves) if leaf["unit"] == "north"))

    rewrite(tmp_path / ("new.db" if lost else "old.db"), cut_out)
    found = compare(old, new).parting

    assert found is not None
    (parted,) = found.units
    (pair,) = parted.first
    assert (parted.unit, parted.count) == ("north", 1)
    assert (pair.old is None, pair.new is None) == (not lost, lost)
    assert pair.changes == ()


def test_two_checkpoints_need_the_proof_that_was_made_for_them(season: StoredSeason, tmp_path: Path) -> None:
    def kept(name: str, raw: bytes) -> str:
        (tmp_path / name).write_bytes(raw)
        return str(tmp_path / name)

    first = issued(season.desk).signed
    season.submitted("north")
    later = issued(season.desk, since=first)
    season.submitted("south")
    last = issued(season.desk, since=later.signed)
    leap = issued(season.desk, since=first)
    assert later.request is not None
    assert last.request is not None
    assert leap.request is not None
    assert leap.signed.checkpoint == last.signed.checkpoint
    one, two = kept("one", first.note.to_bytes()), kept("two", later.signed.note.to_bytes())
    three = kept("three", last.signed.note.to_bytes())
    proof, other, skip = (kept(f"{n}.proof", r.to_bytes()) for n, r in enumerate((later.request, last.request, leap.request)))

    def told(*arguments: str, **named: str) -> Compared:
        return compare(*arguments, **named)

    assert told(one, two, proof=proof).ok
    assert told(one, one).ok
    assert told(two, one).problem == "shorter"
    assert told(one, three, proof=skip).ok
    for given in ({}, {"proof": other}, {"proof": skip}):
        with pytest.raises(NeedsProof):
            told(one, two, **given)
    with pytest.raises(NeedsProof):  # that proof leads to the later one, but from elsewhere
        told(two, three, proof=skip)


# The command line


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["verify", "--policy", "passphrase.txt"], 2, "E-USAGE"),
        (["verify", "--checkpoint", "passphrase.txt"], 2, "E-AUDIT-FILE"),
        (["prove", "tay-ho"], 2, "E-USAGE"),
        (["prove", "0", "--checkpoint", "one"], 2, "E-BEYOND"),
        (["prove", "99999", "--checkpoint", "one"], 2, "E-BEYOND"),
        (["prove", "nobody", "--checkpoint", "one"], 2, "E-UNIT"),
        (["prove", "tay-ho", "--checkpoint", "one", "--out", "one"], 5, "E-FILE"),
        (["check", "one"], 2, "E-AUDIT-FILE"),
        (["diff", "one", "none.db"], 5, "E-NO-STORE"),
        (["diff", "passphrase.txt", "daihoi.db"], 2, "E-AUDIT-FILE"),
        (["diff", ".", "daihoi.db"], 5, "E-CORRUPT"),
    ],
)
def test_a_slip_is_told_in_one_message(pilots: Shell, secret: list[str], arguments: list[str], code: int, said: str) -> None:
    pilots("key", "new", *secret)
    pilots("checkpoint", "--key", "daihoi.key", "--out", "one", *secret)
    ran = pilots("audit", *arguments)

    assert (ran.code, said in ran.err) == (code, True), ran
