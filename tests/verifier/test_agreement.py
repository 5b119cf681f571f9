"""Two verifiers, written apart from each other from one page, say the same of whatever bundle they are given, good or bad."""

from __future__ import annotations

import json
import sys
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.leaf import read_leaf
from store.audit.bundle import Contents
from tests.engine.histories import played
from tests.programs import program
from tests.simulator import Simulator
from tests.store.seasons import with_history
from tests.trials import Trial
from tests.verifier.bindery import LOOSE, Binding, Hand, Page, Pages
from tests.verifier.generated import Bundle, generated
from tests.verifier.standing import told
from tests.verifier.verifiers import JAVASCRIPT, PYTHON, Answer, command, javascript, python, words

BY_COMMAND = range(8)
"""The numbers of bundles that are also given to both verifiers as people run them."""


def wrong(bundle: Bundle, first: Answer, second: Answer) -> str | None:
    """What is not as it should be."""
    if first.compared != second.compared:
        return f"{first.exit} {first.told} is not {second.exit} {second.told}"
    if first.told is None or first.exit != 0:
        return None if bundle.ills else f"a true bundle is refused: {first.told}"
    if not bundle.ills:
        return None if first.told == bundle.true else f"{first.told} is told, {bundle.true} is true"
    if bundle.out_of_reach and not says_less(first.told, bundle.true):
        return f"somebody without the keys made it tell {first.told}, where {bundle.true} is true"
    return None


def says_less(told: Mapping[str, Any], true: Mapping[str, Any]) -> bool:
    """What is told is true, but for signatures that somebody may have taken away."""
    return {**told, "signed_by": []} == {**true, "signed_by": []} and set(told["signed_by"]) <= set(true["signed_by"])


@pytest.mark.slow
@pytest.mark.trial("bundles")
@pytest.mark.timeout(14_400)
def test_both_verifiers_say_the_same_and_nothing_untrue(tmp_path: Path, trial: Trial) -> None:
    found: dict[int, str] = {}
    codes: Counter[str] = Counter()
    with javascript() as other:
        for number in range(trial.size):
            bundle = generated(number, tmp_path)
            first, second = python(bundle.path, bundle.asking), other(bundle.path, bundle.asking)
            codes[first.code or ("accepted", "", "called_wrongly")[first.exit]] += 1
            words = wrong(bundle, first, second)
            if words:
                found[number] = f"{bundle.ills}: {words}"

    trial.report(trial.size, len(found), **codes)
    assert not found, "\n".join(f"bundle {number} {words}" for number, words in list(found.items())[:10])
    assert len(codes) > 10, "so few kinds of answers that the bundles cannot be worth much"


def test_as_people_run_them_they_say_the_same(tmp_path: Path) -> None:
    node = program("node", "nodejs")
    for number in BY_COMMAND:
        bundle = generated(number, tmp_path)
        asked = words(bundle.path, bundle.asking)
        first, second = command(sys.executable, PYTHON, *asked), command(node, JAVASCRIPT, *asked)

        assert wrong(bundle, first, second) is None, number
        assert first.compared == python(bundle.path, bundle.asking).compared


def test_who_calls_them_wrongly_is_told_so(tmp_path: Path) -> None:
    node = program("node", "nodejs")
    bundle = str(generated(0, tmp_path).path)
    for asked in (
        [],
        ["--json"],
        [bundle, bundle],
        [str(tmp_path / "nothing")],
        [bundle, "--policy", str(tmp_path / "nothing")],
        [bundle, "--what"],
    ):
        assert command(node, JAVASCRIPT, *asked) == Answer(2), asked


@pytest.mark.parametrize("seed", [3, 23])
def test_the_program_makes_the_bundles_that_are_tried_here(tmp_path: Path, seed: int) -> None:
    with with_history(played(seed, late=False)[0]).desk as desk:
        hand = Hand.of(desk.log_name())
        issued = desk.checkpoint(hand.log[0], lambda: hand.log[1])
        signed = hand.signed(issued.signed.checkpoint)
        pages: Pages = ()
        for unit in (None, *desk.codes()):
            file = tmp_path / f"{unit}.zip"
            desk.bundle(str(file), Contents(signed=signed, unit=unit, companions=LOOSE))
            files = unpacked(file)
            pages = pages or read(files["leaves.jsonl"])
            bound = Binding(pages=pages, hand=hand, name=hand.log[0].name, unit=unit)

            assert files == bound.files()
            answer = python(file, {"key": str(hand.log[0])})
            assert answer.told is not None
            assert answer.told["units"] == [one for one in standing(pages) if unit in (None, one["unit"])]


def unpacked(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read(leaves: bytes) -> Pages:
    return tuple(Page(json.loads(line), line) for line in leaves.split(b"\n")[:-1])


def standing(pages: Pages) -> list[dict[str, Any]]:
    """Where everybody stands, by the program's own fold."""
    season = Simulator()
    for page in pages:
        season.state.fold(read_leaf(page.raw)[1])
    return told(season.state.cases())
