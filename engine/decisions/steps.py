"""Deciding on state changes: taking one, annulling the last one, confirming one that rests on a value corrected since."""

from __future__ import annotations

from engine import commands as cmd
from engine import events as ev
from engine.case import Step
from engine.decisions.common import ABOVE, Decision, first, happened, in_future, left, no_reason, not_theirs
from engine.errors import DaihoiError
from engine.evidence import evidence
from engine.refusals import AlreadySo, GuardsRefuse, IsPostponed, WrongDay, WrongTarget
from engine.shaken import shaken_steps
from engine.view import View
from engine.workflow import HELD, Transition


def advance(view: View, command: cmd.Advance) -> Decision:
    """Take a transition, if the edge, the actor, the day and every `must` allow it."""
    trigger, case = command.trigger, view.case
    transition = view.edge(trigger)
    if transition is None:
        return left(view) or view.no_such_step(trigger)
    refusal = first(
        left(view),
        not_theirs(view, command, trigger, transition.by),
        postponed(view, trigger),
        in_future(view, trigger),
        _before_last_change(view, trigger),
    )
    if refusal is not None:
        return refusal
    verdicts = view.outcomes(trigger)
    if any(v.blocks for v in verdicts):
        return GuardsRefuse(unit=view.code, trigger=trigger, verdicts=view.verdicts(trigger), smallest=view.smallest(trigger))
    return happened(
        view,
        ev.Advanced(
            trigger=trigger,
            source=case.state,
            target=transition.target_from(case.state),
            awards=transition.awards,
            revokes=tuple(m for m in transition.revokes if case.award(m) is not None),
            clears=transition.clears,
            attempt=_attempt(view, transition),
            verdicts=tuple(evidence(v) for v in verdicts),
        ),
    )


def _attempt(view: View, transition: Transition) -> int:
    return view.case.attempt + 1 if transition.new_attempt else view.case.attempt


def postponed(view: View, step: str) -> IsPostponed | None:
    """While a congress that was not yet held is postponed, no transition is taken."""
    pause = view.case.pause(view.on)
    if pause is None or view.case.award(HELD) is not None:
        return None
    return IsPostponed(unit=view.code, step=step, since=pause.on, until=pause.until)


def _before_last_change(view: View, step: str) -> WrongDay | None:
    """A unit's own states follow one another in time as in the log."""
    since = view.case.since
    if view.on >= since:
        return None
    why = "before_last_change" if view.case.steps else "before_joining"
    return WrongDay(unit=view.code, step=step, on=view.on, bound=since, why=why)


def annul(view: View, command: cmd.Annul) -> Decision:
    """Undo the unit's last state change. The event takes the day of the one it undoes, and both drop out of `--at DATE`."""
    refusal = first(not_theirs(view, command, "annul", ABOVE), no_reason(command, "annul"))
    if refusal is not None:
        return refusal
    steps = view.case.steps
    if not steps or steps[-1].seq != command.seq:
        return WrongTarget(seq=command.seq, step="annul", why="not_last", last=steps[-1].seq if steps else None)
    last = steps[-1]
    attempt = steps[-2].attempt if len(steps) > 1 else 1
    return happened(view, ev.Annulled(seq=last.seq, source=last.target, target=last.source, attempt=attempt), on=last.on)


def _standing(view: View, seq: int) -> Step | None:
    return next((s for s in view.case.steps if s.seq == seq), None)


def confirm(view: View, command: cmd.Confirm) -> Decision:
    """The superior stands by a state change although a value it rests on has changed since."""
    refusal: DaihoiError | None = first(
        not_theirs(view, command, "confirm", ABOVE), no_reason(command, "confirm"), in_future(view, "confirm")
    )
    if refusal is not None:
        return refusal
    step = _standing(view, command.seq)
    if step is None:
        return WrongTarget(seq=command.seq, step="confirm", why="gone")
    if step.confirmed is not None:
        return AlreadySo(unit=view.code, step="confirm", name=step.trigger, seq=step.confirmed)
    if step.seq not in {s.step.seq for s in shaken_steps(view.world, view.case)}:
        return WrongTarget(seq=command.seq, step="confirm", why="nothing_changed")
    return happened(view, ev.Confirmed(seq=step.seq))
