"""The fold: columns against leaves, versions and instants in order, and the units as the log says they stand against the projections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from engine import events as ev
from engine.case import Case
from engine.events import Recorded
from engine.evolve import NoSuchCase
from engine.leaf import Log, NotALeaf, read_leaf
from engine.procedure import Procedure
from engine.season import SeasonState
from engine.unit import SEASON
from store.checks.findings import Findings
from store.checks.rows import LogRow
from store.checks.usual import UsualLeaves
from store.connection import Row, Store
from store.head import Head
from store.projections import CASE_COLUMNS, projected_awards, projected_case
from store.writing import columns_of

_CASES = f"SELECT {CASE_COLUMNS} FROM unit_case WHERE season = ?"
_AWARDS = "SELECT unit, milestone, seq, parent, pilot_of, day, until FROM award WHERE season = ?"
_ORDER = "SELECT code, ordinal FROM unit_case WHERE season = ? ORDER BY ordinal"
_REPLACED = "SELECT seq FROM replaced WHERE season = ?"

_NAMING: Final = (ev.SeasonOpened, ev.WorkflowAdopted, ev.PlanIssued)


class Fold:
    """Folds the log again. `state` is the season after the events taken; `named`: by digest, the event that names a definition first."""

    def __init__(self, log: Log, findings: Findings, procedures: Callable[[str], Procedure]) -> None:
        self._log = log
        self._findings = findings
        self._recorded_at = ""
        self._usual = UsualLeaves(log)
        self.state = SeasonState(procedures)
        self.named: dict[str, Recorded] = {}
        self._joined: dict[str, int] = {}

    def read(self, row: LogRow) -> Recorded | None:
        """The event of a row, its columns compared with it."""
        case = self.state.case(row.unit)
        usual = None if case is None else self._usual.read(row, case.workflow)
        if usual is not None:
            return usual
        try:
            log, recorded = read_leaf(row.leaf)
        except NotALeaf as error:
            self._findings.problem("not_a_leaf", row.seq, row.unit, detail=str(error))
            return None
        if log != self._log:
            self._findings.problem("other_log", row.seq, row.unit, season=log.season, origin=log.origin)
        derived = columns_of(recorded)
        if derived != row[:-2]:
            names = [name for name, ours, theirs in zip(LogRow._fields, derived, row, strict=False) if ours != theirs]
            self._findings.problem("columns", row.seq, row.unit, columns=tuple(names))
        if isinstance(recorded.event, _NAMING):  # such events are never of a unit: all of them come by here
            self.named.setdefault(recorded.event.digest, recorded)
        return recorded

    def take(self, recorded: Recorded) -> None:
        """Fold one event, its version and instant checked."""
        expected = self.state.version(recorded.unit) + 1
        if recorded.version != expected:
            self._findings.problem("version", recorded.seq, recorded.unit, expected=expected, found=recorded.version)
        if recorded.clock is not None and recorded.clock >= recorded.at:
            self._findings.problem("recorded_at", recorded.seq, recorded.unit, at=recorded.at, before=recorded.clock)
        if recorded.at < self._recorded_at:
            self._findings.problem("recorded_at", recorded.seq, recorded.unit, at=recorded.at, before=self._recorded_at)
        self._recorded_at = recorded.at
        try:
            self.state.fold(recorded)
            if type(recorded.event) is ev.UnitEnrolled:
                self._joined.setdefault(recorded.unit, recorded.seq)
        except NoSuchCase:
            self._findings.problem("no_unit", recorded.seq, recorded.unit)
        except KeyError:
            self._findings.problem("out_of_place", recorded.seq, recorded.unit, kind=recorded.event.kind)

    def compare(self, store: Store, head: Head) -> None:
        """The projections and the head against what was folded."""
        season = self._log.season
        cases = {case.unit.code: case for case in self.state.cases()}
        for unit in self._differing_cases(store, cases):
            self._findings.problem("projection", None, unit)
        awards = (row for case in cases.values() for row in projected_awards(case))
        for unit in _differing(store.rows(_AWARDS, (season,)), awards):
            self._findings.problem("projection", None, unit)
        gone = {seq for (seq,) in store.rows(_REPLACED, (season,))}
        joined = store.rows(_ORDER, (season,))
        if gone != self.state.replaced(range(1, self.state.size + 1)) or joined != list(self._joined.items()):
            self._findings.problem("projection", None, None)
        if (self.state.version(SEASON), len(cases), self._recorded_at) != (
            head.season_version,
            head.joined,
            head.last_recorded_at,
        ):
            self._findings.problem("head", None, None)

    def _differing_cases(self, store: Store, cases: Mapping[str, Case]) -> list[str]:
        """The units whose rows are not as they were folded. Row by row: a country's cases, written out, are half a gigabyte."""
        differing, missing = [], set(cases)
        for row in store.stream(_CASES, (self._log.season,)):
            case = cases.get(row[0])
            if case is None or projected_case(case) != row:
                differing.append(row[0])
            missing.discard(row[0])
        return sorted({*differing, *missing})


def _differing(stored: Iterable[Row], folded: Iterable[Row]) -> list[str]:
    """The units (the first column) whose rows are not alike."""
    return sorted({row[0] for row in set(stored) ^ set(folded)})
