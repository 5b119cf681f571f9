"""What was recorded by a released procedure is recorded again by today's program, to the byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import attrs
import pytest

from engine import codec
from store.definitions import Definition
from tests import postgres
from tests.histories import path_of, read, recorded
from tests.histories.again import Again, differences
from tests.trials import SOAK, Trial
from workflows.catalogue import bundled, bundled_path
from workflows.load import load_workflow

ROOT = Path(__file__).parents[2]
HISTORIES = {name: read(path) for name, path in recorded().items()}
SMALL = min(HISTORIES, key=lambda name: len(HISTORIES[name].leaves))
LARGE = max(HISTORIES, key=lambda name: len(HISTORIES[name].leaves))
RUNS = [
    *((name, "file", "1") for name in HISTORIES),
    *((name, "postgresql", "random") for name in HISTORIES if SOAK or name != LARGE),
    (SMALL, "file", "0"),
    (SMALL, "postgresql", "0"),
]
"""The largest goes to PostgreSQL in a soak only; every run compares its scenario there (`tests/store/test_every_store.py`)."""


@pytest.mark.slow
@pytest.mark.trial("histories")
@pytest.mark.parametrize(("name", "kind", "seed"), RUNS)
def test_a_recorded_history_comes_out_again_to_the_byte(
    name: str, kind: str, seed: str, tmp_path: Path, request: pytest.FixtureRequest, trial: Trial
) -> None:
    address = str(tmp_path / "season.db")
    if kind == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgresql")
        address = server.new_database()

    again = subprocess.run(
        [sys.executable, "-m", "tests.histories.again", str(recorded()[name]), address],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert again.returncode == 0, again.stdout[-4000:] + again.stderr[-4000:]
    trial.report(len(HISTORIES[name].leaves))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda h: {"leaves": (*h.leaves[:-1], h.leaves[-1].replace(b'"on":"2021', b'"on":"2020'))}, "event 595 was"),
        (lambda h: {"leaves": (*h.leaves, h.leaves[-1])}, "there were 596 events and are 595"),
        (lambda h: {"root": "0" * 64}, "the root was 0000"),
        (lambda h: {"cases": {**h.cases, "tay-ho": "0" * 16}}, "the folded cases of ['tay-ho'] are others"),
    ],
)
def test_whatever_comes_out_otherwise_is_told(change: object, said: str) -> None:
    history = HISTORIES[SMALL]
    other = attrs.evolve(history, **change(history))  # type: ignore[operator]
    with Again(history).write("sqlite://") as desk:
        assert list(differences(history, desk)) == []
        found = list(differences(other, desk))

    assert found[0].startswith(said)


@pytest.mark.parametrize("name", HISTORIES)
def test_a_file_is_what_it_is_called(name: str) -> None:
    history = HISTORIES[name]

    assert path_of(history) == recorded()[name]
    for definition in history.definitions:
        assert codec.digest(definition.content) == definition.digest
    procedures = {d.digest: json.loads(d.content) for d in history.definitions if d.kind == "workflow"}
    for digest, version in history.workflows.items():
        assert f"{procedures[digest]['id']} {procedures[digest]['version']}" == version


# Every released version


def followed(name: str) -> bool:
    """Whether units go by a procedure, and not only other procedures that extend it."""
    extended = {
        tomllib.loads(bundled_path("procedure", other).read_text("utf-8")).get("extends") for other in bundled("procedure")
    }
    return name not in extended


@pytest.mark.parametrize("name", [name for name in bundled("procedure") if followed(name)])
def test_every_version_of_a_bundled_procedure_has_a_recorded_history(name: str) -> None:
    workflow = load_workflow(name)
    digest, version = Definition.of_workflow(workflow).digest, f"{workflow.id} {workflow.version}"
    known = {d: v for history in HISTORIES.values() for d, v in history.workflows.items()}

    changed = version in known.values() and digest not in known
    assert not changed, (
        f"{version} is no longer what it was when its history was recorded. A version that was released never changes: units follow it,"
        " and what they were told has to come out again. Raise `version` in its file, then: make history"
    )
    assert digest in known, f"{version} has no recorded history: let a bundled scenario go by it, then: make history"


def test_the_recorded_histories_stay_small() -> None:
    assert sum(path.stat().st_size for path in recorded().values()) < 1_000_000


def test_no_recorded_history_names_one_version_for_two_procedures() -> None:
    named: dict[str, set[str]] = {}
    for history in HISTORIES.values():
        for digest, version in history.workflows.items():
            named.setdefault(version, set()).add(digest)

    assert {version: digests for version, digests in named.items() if len(digests) > 1} == {}


def test_a_history_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(HISTORIES[SMALL].to_bytes())

    assert read(path) == HISTORIES[SMALL]
