"""What pm4py makes of exports. A program of its own, run in an environment of its own: nothing of ours is imported, and nobody imports it.

    python oracle.py FOLDER

The folder holds `log.xes`, `log.json`, `log.sqlite`, the schema of OCEL's JSON (`schema.json`), and the nets that the traces have to fit
(`nets.json`). What was found goes to stdout, as one JSON object.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pm4py
from pm4py.algo.conformance.tokenreplay import algorithm as token_replay
from pm4py.objects.log.importer.xes import importer as xes
from pm4py.objects.log.obj import Event, EventLog, Trace
from pm4py.objects.ocel.validation import jsonocel, ocel20_rel_validation
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

ACTIVITY = "concept:name"
READERS = ("ITERPARSE", "ITERPARSE_20")
"""pm4py's readers of XES: its usual one, and the one for the standard of 2016. (Its others are no XML parsers.)"""


class Said(logging.Handler):
    """Whatever is logged while files are read: pm4py's readers tell there of values that they could not read."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.add(f"{record.name}: {record.getMessage()}")


def main(folder: Path) -> dict[str, Any]:
    said = Said()
    logging.basicConfig(level=logging.INFO, handlers=[said], force=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        satisfied, unsatisfied = ocel20_rel_validation.apply(str(folder / "log.sqlite"))
        found = {
            "version": pm4py.__version__,
            "constraints": {"satisfied": sorted(satisfied), "unsatisfied": sorted(unsatisfied)},
            "schema": jsonocel.apply(str(folder / "log.json"), str(folder / "schema.json")),
            "json": counts(pm4py.read_ocel2_json(str(folder / "log.json"))),
            "sqlite": counts(pm4py.read_ocel2_sqlite(str(folder / "log.sqlite"))),
            "xes": {reader: xes_counts(read_xes(folder, reader)) for reader in READERS},
            "replay": replay(read_xes(folder, "ITERPARSE_20"), json.loads((folder / "nets.json").read_text("utf-8"))),
        }
    return {**found, "warnings": sorted({*(f"{w.category.__name__}: {w.message}" for w in caught), *said.lines})}


# Counts


def counts(ocel: Any) -> dict[str, Any]:
    """How much of everything pm4py read."""
    changes = ocel.object_changes
    return {
        "events": dict(Counter(ocel.events["ocel:activity"])),
        "objects": dict(Counter(ocel.objects["ocel:type"])),
        "event_to_object": dict(Counter(ocel.relations["ocel:qualifier"])),
        "object_to_object": dict(Counter(ocel.o2o["ocel:qualifier"])),
        "changes": dict(Counter(changes["ocel:field"])) if "ocel:field" in changes else {},
        "first": str(ocel.events["ocel:timestamp"].min()),
        "last": str(ocel.events["ocel:timestamp"].max()),
    }


def read_xes(folder: Path, reader: str) -> Any:
    return xes.apply(str(folder / "log.xes"), variant=xes.Variants[reader], parameters={"show_progress_bar": False})


def xes_counts(log: Any) -> dict[str, Any]:
    events = [event for trace in log for event in trace]
    return {
        "traces": len(log),
        "events": dict(Counter(event[ACTIVITY] for event in events)),
        "in_order": all(a["time:timestamp"] < b["time:timestamp"] for trace in log for a, b in pairwise(trace)),
        "names": sorted(trace.attributes["unit_name"] for trace in log),
        "extensions": sorted(getattr(log, "extensions", {})),
        "classifiers": {name: list(keys) for name, keys in getattr(log, "classifiers", {}).items()},
    }  # fmt: skip


# Token replay


def replay(log: Any, nets: dict[str, Any]) -> dict[str, Any]:
    """The steps of each trace on the net of its unit's procedure, from its first state to the one that the last event says.

    Then once more with a forged step in each trace that can have one: the middle one left out, two exchanged, one called otherwise.
    """
    traces = list(steps(log, nets))
    forged = {
        name: [(net, end, other) for net, end, trace in traces if (other := forge(trace)) is not None]
        for name, forge in FORGERIES.items()
    }
    return {
        "traces": len(traces),
        "steps": sum(len(trace) for _, _, trace in traces),
        "nets": len({net for net, _, _ in traces}),
        "fitness": fitnesses(traces, nets),
        "forged": {name: {"traces": len(made), **fitnesses(made, nets)} for name, made in forged.items()},
    }


def steps(log: Any, nets: dict[str, Any]) -> Iterator[tuple[str, str, Trace]]:
    """Each trace's steps that stand, with its net and the state it ended in."""
    for trace in log:
        unit = trace.attributes[ACTIVITY]
        taken = [event for event in trace if event["kind"] == "advanced" and event["stands"]]
        last = [event["state"] for event in trace if event["stands"]][-1]
        events = [Event({ACTIVITY: event[ACTIVITY], "moved": event["state_before"] != event["state"]}) for event in taken]
        yield nets["units"][unit], last, Trace(events, attributes=trace.attributes)


def fitnesses(traces: list[tuple[str, str, Trace]], nets: dict[str, Any]) -> dict[str, Any]:
    """How many traces fit, and the least and greatest fitness."""
    groups: dict[tuple[str, str], list[Trace]] = {}
    for net, end, trace in traces:
        groups.setdefault((net, end), []).append(trace)
    results: list[Any] = []
    for (name, end), some in groups.items():
        net, initial, final = petri_net(nets["nets"][name], end)
        results.extend(token_replay.apply(EventLog(some), net, initial, final, parameters={"show_progress_bar": False}))
    values = [result["trace_fitness"] for result in results]
    return {"fit": sum(result["trace_is_fit"] for result in results), "least": min(values), "greatest": max(values)}


def petri_net(declared: dict[str, Any], end: str) -> tuple[PetriNet, Marking, Marking]:
    """A procedure's net for a kind of unit: a place for each state, a transition for each step from each state."""
    net = PetriNet("procedure")
    places = {state: PetriNet.Place(state) for state in declared["states"]}
    net.places.update(places.values())
    for trigger, source, target in declared["edges"]:
        transition = PetriNet.Transition(f"{trigger} from {source}", trigger)
        net.transitions.add(transition)
        add_arc_from_to(places[source], transition, net)
        add_arc_from_to(transition, places[target], net)
    return net, Marking({places[declared["initial"]]: 1}), Marking({places[end]: 1})


MOVES = 3
"""So many changes of state have a middle that matters. A step that moves nothing may be left out unnoticed: the rest still fits."""


def without_the_middle(trace: Trace) -> Trace | None:
    moves = _moves(trace)
    return None if len(moves) < MOVES else _with(trace, [e for n, e in enumerate(trace) if n != moves[len(moves) // 2]])


def with_two_exchanged(trace: Trace) -> Trace | None:
    moves = _moves(trace)
    if len(moves) < MOVES:
        return None
    events, middle = list(trace), len(moves) // 2
    one, other = moves[middle - 1], moves[middle]
    events[one], events[other] = events[other], events[one]
    return _with(trace, events)


def with_another_name(trace: Trace) -> Trace | None:
    """The last change of state is called like the first."""
    moves = _moves(trace)
    if len(moves) < MOVES:
        return None
    renamed = Event({**dict(trace[moves[-1]]), ACTIVITY: trace[moves[0]][ACTIVITY]})
    return _with(trace, [renamed if n == moves[-1] else e for n, e in enumerate(trace)])


def _moves(trace: Trace) -> list[int]:
    return [n for n, event in enumerate(trace) if event["moved"]]


def _with(trace: Trace, events: list[Event]) -> Trace:
    return Trace(events, attributes=trace.attributes)


FORGERIES: dict[str, Callable[[Trace], Trace | None]] = {
    "left_out": without_the_middle,
    "exchanged": with_two_exchanged,
    "renamed": with_another_name,
}


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1])), sys.stdout)
