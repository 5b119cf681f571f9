"""What others make of the exports: pm4py reads them, checks them against OCEL's constraints, and replays the traces on the procedure's net.

pm4py is under the AGPL. It is never imported: `make mining` installs it in an environment of its own, where `oracle.py` is run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import pytest

from engine.actors import Actor
from reports.catalogue import words
from reports.mining.exporting import export
from reports.mining.instants import EPOCH
from store.desk import Desk
from store.sources import seeded_sources
from tests import sample
from tests.house.transcript import ROOT
from tests.mining.hostile import UNITS, hostile
from tests.mining.nets import nets_of
from tests.store.seasons import opened
from workflows.scenario import load_scenario
from workflows.scenario_run import run
from workflows.seasons import to_open_command

pytestmark = pytest.mark.oracle

PYTHON = ROOT / ".venv-mining" / "bin" / "python"
HERE = Path(__file__).parent


@attrs.frozen
class Judged:
    """An export of a season, as it was written and as it was read. `log`: every event as (kind of event, its unit)."""

    log: list[tuple[str, str]]
    ocel: dict[str, Any]
    found: dict[str, Any]


@pytest.fixture(scope="module", params=["hostile", "hanoi-2021"])
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    if not PYTHON.exists():
        missing = f"{PYTHON} is missing: make mining installs it"
        pytest.fail(missing) if "CI" in os.environ else pytest.skip(missing)
    folder = tmp_path_factory.mktemp("exports")
    with _played(request.param, folder / "season.db") as desk:
        for name, form in (("log.xes", "xes"), ("log.json", "json"), ("log.sqlite", "sqlite")):
            export(desk, form, str(folder / name), words("vi"), lambda done, total: None, under=None, over=False)
        (folder / "nets.json").write_text(json.dumps(nets_of(desk)), "utf-8")
        log = [(line.recorded.event.kind, line.recorded.unit) for line in desk.history()]
    shutil.copy(HERE / "schema.json", folder)
    ran = subprocess.run([PYTHON, HERE / "oracle.py", folder], capture_output=True, encoding="utf-8", check=False, timeout=280)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    _tell(request, request.param, found)
    return Judged(log, json.loads((folder / "log.json").read_text("utf-8")), found)


def _played(name: str, place: Path) -> Desk:
    if name == "hostile":
        return hostile(opened(place, opening=sample.opening(units=UNITS))).desk
    scenario = load_scenario(name)
    season = scenario.season
    opening = to_open_command(season, Actor(unit=season.board), season.opened_on)
    desk = Desk.create(place, opening, season.definitions, origin=scenario.id, sources=seeded_sources(scenario.seed))
    run(scenario, desk, desk.advance_clock)
    return desk


def _tell(request: pytest.FixtureRequest, name: str, found: dict[str, Any]) -> None:
    replay = found["replay"]
    forged = ", ".join(f"{what} {f['fit']} of {f['traces']} fit" for what, f in replay["forged"].items())
    line = (
        f"pm4py {found['version']}, {name}: {len(found['constraints']['satisfied'])} of OCEL's constraints hold; read"
        f" {sum(found['sqlite']['events'].values())} events and {sum(found['sqlite']['objects'].values())} objects of OCEL,"
        f" {found['xes']['ITERPARSE']['traces']} traces of XES; {replay['fitness']['fit']} of {replay['traces']} traces"
        f" ({replay['steps']} steps, {replay['nets']} nets) fit; forged: {forged}"
    )
    capture: Any = request.config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def counted(values: Iterable[Any]) -> dict[Any, int]:
    return dict(Counter(values))


# OCEL


def test_all_of_ocels_constraints_hold(judged: Judged) -> None:
    constraints = judged.found["constraints"]

    assert constraints["unsatisfied"] == []
    assert len(constraints["satisfied"]) == 24


def test_the_json_is_as_its_schema_says(judged: Judged) -> None:
    assert judged.found["schema"] is True


@pytest.mark.parametrize("form", ["json", "sqlite"])
def test_every_event_object_and_relation_is_read_back(judged: Judged, form: str) -> None:
    found, events, objects = judged.found[form], judged.ocel["events"], judged.ocel["objects"]
    linked = [link for event in events for link in event["relationships"]]
    # pm4py leaves out an object that no event is about, with what it is to others
    there = {link["objectId"] for link in linked}
    related = [(o, link) for o in objects for link in o["relationships"] if {o["id"], link["objectId"]} <= there]

    assert len(events) == len(judged.log)
    assert found["events"] == counted(event["type"] for event in events)
    assert found["objects"] == counted(o["type"] for o in objects if o["id"] in there)
    assert found["event_to_object"] == counted(link["qualifier"] for link in linked)
    assert found["object_to_object"] == counted(link["qualifier"] for _, link in related)
    assert found["changes"] == counted(name for o in objects if o["id"] in there for name in changes(o, form))
    assert len([o for o in objects if o["id"] not in there]) <= 1


def changes(thing: dict[str, Any], form: str) -> list[str]:
    """The attributes that changed, as pm4py counts: of JSON it takes the first value of each for what always was so."""
    if form == "sqlite":
        return [a["name"] for a in thing["attributes"] if a["time"] != EPOCH]
    first: set[str] = set()
    later = []
    for name in (a["name"] for a in thing["attributes"]):
        later.extend([name] if name in first else [])
        first.add(name)
    return later


# XES


@pytest.mark.parametrize("reader", ["ITERPARSE", "ITERPARSE_20"])
def test_every_trace_and_event_is_read_back_in_its_order(judged: Judged, reader: str) -> None:
    found = judged.found["xes"][reader]

    assert found["traces"] == len({unit for _, unit in judged.log if unit != "season"})
    assert sum(found["events"].values()) == sum(unit != "season" for _, unit in judged.log)
    assert found["in_order"]
    assert found["extensions"] == ["Concept", "Lifecycle", "Organizational", "Time"]
    assert found["classifiers"]["Activity and state"] == ["concept:name", "state"]
    names = [a["value"] for o in judged.ocel["objects"] if o["type"] == "unit" for a in o["attributes"] if a["name"] == "name"]
    assert found["names"] == sorted(name.replace("\ufffe", "\ufffd") for name in names)


def test_nothing_is_read_with_a_warning(judged: Judged) -> None:
    assert judged.found["warnings"] == []


def test_every_course_fits_the_net_of_its_procedure(judged: Judged) -> None:
    replay = judged.found["replay"]

    assert replay["fitness"] == {"fit": replay["traces"], "least": 1.0, "greatest": 1.0}
    assert replay["traces"] == judged.found["xes"]["ITERPARSE"]["traces"]
    assert replay["steps"] > replay["traces"]


@pytest.mark.parametrize("forgery", ["left_out", "exchanged", "renamed"])
def test_no_course_with_a_forged_step_fits(judged: Judged, forgery: str) -> None:
    forged = judged.found["replay"]["forged"][forgery]

    assert forged["traces"] >= 3
    assert forged["fit"] == 0
    assert forged["greatest"] < 1.0
