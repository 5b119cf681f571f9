"""The command line: read arguments, ask one question, print the answer. No rule lives here.

Everything heavy is imported inside the command that needs it: `daihoi --help` loads click and the words, and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from reports import arguments
from reports.arguments import (
    AT,
    COUNT,
    DAY,
    FILE,
    FOLDER,
    INSTANT,
    POSITION,
    VERIFIER_KEY,
    argument,
    complete_names,
    complete_units,
    option,
    unit_argument,
)
from reports.mining.command import exports
from reports.passphrases import Ask, takes_passphrase
from reports.run import Act, Program, global_options, pass_session, version_option, writes
from reports.session import Session
from reports.speech import spoken

if TYPE_CHECKING:
    from datetime import date

    from store.desk import Desk

DEMO = "hanoi-2021"
NOT_WHOLE = 3
MISTAKES = 2
LOG_KEY = "daihoi.key"
WITNESS_KEY = "witness.key"


class Played(NamedTuple):
    """A scenario that was played: its desk, its name, what it came to, and where it is kept."""

    desk: Desk
    scenario: str
    result: Any
    place: str | None


@click.group(cls=Program, name="daihoi", params=[*global_options(hidden=False), version_option()], invoke_without_command=False)
def main() -> None: ...


# Rehearsals


@contextmanager
def rehearsed(
    session: Session, reference: str, keep: str | None, tell: Callable[[Any, Desk], None] = lambda done, desk: None
) -> Iterator[Played]:
    """A scenario played to its end on a rehearsal of its own. Kept only where that was asked for, and never over anything."""
    from engine.actors import Actor
    from engine.refusals import GuardsRefuse
    from reports.progress import Progress
    from store.desk import Desk
    from store.sources import seeded_sources
    from workflows.scenario import load_scenario
    from workflows.scenario_run import ScenarioFailed, run
    from workflows.seasons import to_open_command

    scenario = load_scenario(reference)
    opening = to_open_command(scenario.season, Actor(unit=scenario.season.board), scenario.season.opened_on)
    receipts = None if keep is None else session.receipts()
    with arguments.kept_in(None if keep is None else keep or session.place) as place:
        definitions, sources = scenario.season.definitions, seeded_sources(scenario.seed)
        with Desk.create(place, opening, definitions, origin=scenario.id, sources=sources, receipts=receipts) as desk:
            session.at(desk)
            with Progress(session.words, "progress.scenario") as progress:
                try:
                    played = run(scenario, desk, desk.advance_clock, on_act=lambda done: tell(done, desk), progress=progress)
                except ScenarioFailed as failed:
                    if isinstance(failed.error, GuardsRefuse):
                        session.refused(failed.error, desk)
                    raise
            session.at(desk)
            yield Played(desk, scenario.id, played, None if keep is None else place)


@main.command()
@option("--keep", metavar="PATH")
@pass_session
def demo(session: Session, keep: str | None) -> None:
    from datetime import date

    from reports import board, history, rehearsal, replay
    from reports import verify as verification

    narrator = rehearsal.Narrator(session.output)
    with rehearsed(session, DEMO, keep, lambda done, desk: narrator.tell(done, session.about, desk.workflow_of)) as played:
        desk = played.desk
        verified = desk.verify("full")
        narrator.end(
            session.about,
            rehearsal.Outcome(played.scenario, played.result, played.place),
            ("daihoi status", board.REPORT, desk.status()),
            ("daihoi history tay-ho", history.REPORT, history.Shown(desk.history("tay-ho"), desk.check_code)),
            ("daihoi replay --at 02/5/2021", replay.SEASON, desk.replay(date(2021, 5, 2))),
            ("daihoi verify", verification.REPORT, verified),
        )
    sys.exit(0 if verified.ok else NOT_WHOLE)


# Opening a season


@main.command()
@argument("season")
@option("--on", type=DAY, metavar="DATE")
@option("--reason", metavar="TEXT")
@option("--dry-run", is_flag=True)
@option("--command-id", type=click.UUID, metavar="UUID")
@pass_session
def init(session: Session, season: str, on: date | None, reason: str | None, dry_run: bool, command_id: Any) -> None:
    from attrs import evolve

    from reports import accepted
    from store.desk import Desk
    from workflows.seasons import load_season, to_open_command

    session.check(accepted.OPENED)
    loaded = load_season(season)
    opening = evolve(to_open_command(loaded, arguments.actor(session.actor or loaded.board), on), reason=reason)
    # a dry run opens the season in memory, and lets it go
    place, kept = ("sqlite://", None) if dry_run else (session.place, session.receipts())
    identity = None if command_id is None else str(command_id)
    with Desk.create(place, opening, loaded.definitions, receipts=kept, command_id=identity) as desk:
        session.at(desk)
        if desk.opening is not None:
            session.show(accepted.OPENED, accepted.of_opening(desk.opening, dry_run=dry_run))
        session.tell(desk)


@main.group()
def plan() -> None: ...


@plan.command("issue")
@writes
@argument("file")
def plan_issue(act: Act, file: str) -> None:
    from engine import commands as cmd
    from engine.unit import SEASON
    from workflows.plans import load_plan
    from workflows.seasons import plan_definition

    loaded = load_plan(file)
    definition = plan_definition(loaded)
    command = cmd.IssuePlan(plan=loaded.plan, digest=definition.digest, **act.about(SEASON))
    act.submit(command, definitions=(definition,))


@plan.command("list")
@pass_session
def plan_list(session: Session) -> None:
    from reports import plans

    with session.desk() as desk:
        session.show(plans.LIST, desk.plans())


@plan.command("show")
@argument("name", metavar="PLAN_OR_UNIT")
@option("--on", type=DAY, metavar="DATE")
@pass_session
def plan_show(session: Session, name: str, on: date | None) -> None:
    from reports import plans

    with session.desk() as desk:
        found = next((p for p in desk.plans() if p.issued.plan == name), None)
        if found is not None:
            session.show(plans.PLAN, found)
        else:
            unit = desk.find_unit(name)
            session.show(plans.VALUES, desk.plan_values(unit, on=on))


@main.group()
def unit() -> None: ...


@unit.command("list")
@argument("name", required=False)
@option("--under", metavar="UNIT", shell_complete=complete_units)
@option("--level", metavar="LEVEL")
@pass_session
def unit_list(session: Session, name: str | None, under: str | None, level: str | None) -> None:
    from reports import units

    with session.desk() as desk:
        below = None if under is None else desk.find_unit(under)
        session.show(units.REPORT, units.named(desk.status(under=below, level=level, units=True).units, name))


@unit.command("enrol")
@writes
@argument("code")
@option("--name", required=True, metavar="TEXT")
@option("--level", required=True, metavar="LEVEL")
@option("--parent", required=True, metavar="UNIT", shell_complete=complete_units)
@option("--block", metavar="BLOCK")
@option("--pilot-of", metavar="UNIT", shell_complete=complete_units)
@option("--tag", "tags", multiple=True, metavar="TAG")
def unit_enrol(act: Act, code: str, parent: str, pilot_of: str | None, **fields: Any) -> None:
    from engine import commands as cmd
    from engine.unit import Unit

    designator = None if pilot_of is None else act.unit(pilot_of)
    enrolled = Unit(code=code, parent=act.unit(parent), pilot_of=designator, **fields)
    act.submit(cmd.EnrolUnit(enrolled=enrolled, **act.about(code)))


@unit.command("leave")
@writes
@unit_argument()
def unit_leave(act: Act, unit: str) -> None:
    from engine import commands as cmd

    act.submit(cmd.RemoveUnit(**act.about(act.unit(unit))))


@unit.command("roll")
@writes
@unit_argument()
@argument("status", type=click.Choice(("complete", "open", "untracked")))
def unit_roll(act: Act, unit: str, status: Any) -> None:
    from engine import commands as cmd

    act.submit(cmd.SetRoll(status=status, **act.about(act.unit(unit))))


# Looking


@main.command()
@unit_argument(required=False)
@option("--under", metavar="UNIT", shell_complete=complete_units)
@option("--level", metavar="LEVEL")
@option("--state", metavar="STATE")
@option("--overdue", is_flag=True)
@option("--blocked", is_flag=True)
@option("--at", type=AT, metavar="AT")
@option("--on", type=DAY, metavar="DATE")
@pass_session
def status(
    session: Session, /, unit: str | None, under: str | None, at: date | int | None, on: date | None, **narrowed: Any
) -> None:
    with session.desk() as desk:
        if unit is not None:
            from reports import unit as unit_report

            session.show(unit_report.REPORT, desk.status_of(desk.find_unit(unit), at=at, on=on))
            return
        from reports import board

        below = None if under is None else desk.find_unit(under)
        session.show(board.REPORT, desk.status(under=below, at=at, on=on, **narrowed))


@main.command()
@unit_argument()
@argument("trigger", required=False, shell_complete=complete_names("trigger"))
@option("--below", is_flag=True)
@option("--on", type=DAY, metavar="DATE")
@pass_session
def why(session: Session, unit: str, trigger: str | None, below: bool, on: date | None) -> None:
    from reports import why as report

    with session.desk() as desk:
        session.show(report.REPORT, desk.why(desk.find_unit(unit), trigger, below=below, on=on))


# Acting


@main.command()
@writes
@unit_argument()
@argument("day", type=DAY, metavar="DATE")
def schedule(act: Act, unit: str, day: date) -> None:
    from engine import commands as cmd

    act.submit(cmd.Schedule(day=day, **act.about(act.unit(unit))))


@main.command()
@writes
@unit_argument()
@argument("fact", shell_complete=complete_names("fact"))
@argument("value")
@option("--evidence", type=FILE, metavar="FILE")
def record(act: Act, unit: str, fact: str, value: str, evidence: str | None) -> None:
    from engine import commands as cmd

    code = act.unit(unit)
    read = act.typed(code, fact, value)
    act.submit(cmd.RecordFact(fact=fact, value=read, evidence=arguments.digest(evidence), **act.about(code)))


@main.group()
def document() -> None: ...


@document.command("file")
@writes
@unit_argument()
@argument("document", shell_complete=complete_names("document"))
@argument("path", required=False, type=FILE)
def document_file(act: Act, unit: str, document: str, path: str | None) -> None:
    from engine import commands as cmd

    act.submit(cmd.FileDocument(document=document, digest=arguments.digest(path), **act.about(act.unit(unit))))


@document.command("approve")
@writes
@unit_argument()
@argument("document", shell_complete=complete_names("document"))
@option("--decision", metavar="NO")
@option("--with-changes", "changes", multiple=True, metavar="TEXT")
def document_approve(act: Act, unit: str, document: str, decision: str | None, changes: tuple[str, ...]) -> None:
    from engine import commands as cmd

    act.submit(cmd.ApproveDocument(document=document, decision=decision, changes=changes, **act.about(act.unit(unit))))


@document.command("return")
@writes
@unit_argument()
@argument("document", shell_complete=complete_names("document"))
def document_return(act: Act, unit: str, document: str) -> None:
    from engine import commands as cmd

    act.submit(cmd.ReturnDocument(document=document, **act.about(act.unit(unit))))


@main.command()
@writes
@unit_argument()
@argument("trigger", required=False, shell_complete=complete_names("trigger"))
def advance(act: Act, unit: str, trigger: str | None) -> None:
    from engine import commands as cmd

    code = act.unit(unit)
    act.submit(cmd.Advance(trigger=trigger or arguments.only_step(act.desk.why(code)), **act.about(code)))


@main.command()
@writes
@unit_argument()
@option("--until", type=DAY, metavar="DATE")
@option("--open", "no_day", is_flag=True)
def postpone(act: Act, unit: str, until: date | None, no_day: bool) -> None:
    from engine import commands as cmd

    if no_day == (until is not None):
        raise click.UsageError(spoken().say("usage.until_or_open"))
    act.submit(cmd.Postpone(until=until, **act.about(act.unit(unit))))


@main.command()
@writes
@unit_argument()
def resume(act: Act, unit: str) -> None:
    from engine import commands as cmd

    act.submit(cmd.Resume(**act.about(act.unit(unit))))


@main.command()
@writes
@unit_argument()
@argument("guard", shell_complete=complete_names("guard"))
@option("--basis", required=True, metavar="TEXT")
@option("--until", type=DAY, required=True, metavar="DATE")
def waive(act: Act, unit: str, guard: str, basis: str, until: date) -> None:
    from engine import commands as cmd

    act.submit(cmd.Waive(guard=guard, basis=basis, until=until, **act.about(act.unit(unit))))


@main.command()
@writes
@argument("seq", type=POSITION)
@argument("value", required=False)
@option("--withdraw", is_flag=True)
def correct(act: Act, seq: int, value: str | None, withdraw: bool) -> None:
    from engine import commands as cmd

    event = act.desk.event(seq)
    fact = arguments.fact_of(event)
    read = None if value is None else value if fact is None else act.typed(event.unit, fact, value)
    act.submit(cmd.Correct(seq=seq, value=read, day=act.on, withdraw=withdraw, **act.about(event.unit, on=False)))


@main.command()
@writes
@argument("seq", type=POSITION)
def annul(act: Act, seq: int) -> None:
    from engine import commands as cmd

    act.submit(cmd.Annul(seq=seq, **act.about(act.desk.event(seq).unit)))


@main.command()
@writes
@argument("seq", type=POSITION)
def confirm(act: Act, seq: int) -> None:
    from engine import commands as cmd

    act.submit(cmd.Confirm(seq=seq, **act.about(act.desk.event(seq).unit)))


# Looking back


@main.command()
@unit_argument(required=False)
@option("--under", metavar="UNIT", shell_complete=complete_units)
@option("--kind", "kinds", multiple=True, metavar="KIND")
@option("--by", metavar="ACTOR")
@option("--guard", metavar="GUARD")
@option("--since", type=DAY, metavar="DATE")
@option("--until", type=DAY, metavar="DATE")
@option("--from", "first", type=DAY, metavar="DATE")
@option("--to", "last", type=DAY, metavar="DATE")
@option("--late", type=COUNT, metavar="DAYS")
@option("--limit", type=POSITION, metavar="N")
@pass_session
def history(session: Session, /, unit: str | None, under: str | None, by: str | None, **narrowed: Any) -> None:
    from engine.unit import SEASON
    from reports import history as report

    with session.desk() as desk:
        code = unit if unit in (None, SEASON) else desk.find_unit(str(unit))
        top = None if under is None else desk.find_unit(under)
        actor = None if by is None else arguments.actor(by)
        found = desk.history(code, under=top, by=actor, **narrowed)
        session.show(report.REPORT, report.Shown(found, desk.check_code))


@main.command()
@unit_argument(required=False)
@option("--at", type=AT, metavar="AT")
@option("--known-at", "known", type=INSTANT, metavar="INSTANT")
@option("--from", "first", type=AT, metavar="AT")
@option("--to", "last", type=AT, metavar="AT")
@option("--step", type=POSITION, metavar="N")
@pass_session
def replay(session: Session, /, unit: str | None, first: date | int | None, step: int | None, **moment: Any) -> None:
    from reports import between
    from reports import replay as report

    arguments.check_moments(unit, first, step, **moment)
    at, last, known = moment["at"], moment["last"], moment["known"]
    with session.desk() as desk:
        code = None if unit is None else desk.find_unit(unit)
        if first is not None:
            session.show(between.REPORT, desk.between(first, last, unit=code, known=known))
        elif code is None:
            session.show(report.SEASON, desk.replay(at, known=known))
        elif step is not None:
            session.show(report.STEP, desk.step_of(code, step))
        else:
            session.show(report.UNIT, desk.replay_of(code, at, known=known))


@main.command()
@option("--hashes", "depth", flag_value="hashes")
@option("--fold", "depth", flag_value="fold")
@option("--receipt", "receipts", type=FILE, multiple=True, metavar="FILE")
@pass_session
def verify(session: Session, depth: Any, receipts: tuple[str, ...]) -> None:
    from reports import verify as report
    from reports.progress import Progress
    from store.receipts import Receipts

    # receipts that are named have to fit, all of them; of the user's own some may be of an earlier log
    named = Receipts.named(receipts)
    with session.desk(receipts=session.receipts()) as desk:
        with Progress(session.words, "progress.verify") as progress:
            answer = desk.verify(depth or "full", receipts=named, progress=progress)
        session.show(report.REPORT, answer)
    sys.exit(0 if answer.ok else NOT_WHOLE)


@main.command()
@argument("what", metavar="SEQ_OR_COMMAND_ID")
@option("--out", metavar="FILE")
@pass_session
def receipt(session: Session, what: str, out: str | None) -> None:
    from reports import receipts
    from reports.typed import position
    from store.audit import files

    session.check(receipts.REPORT)
    files.check_new(out)
    seq = position(what)
    with session.desk() as desk:
        given = receipts.Given(desk.receipt(seq if isinstance(seq, int) else what), out)
        if out is not None:
            files.make(out, f"{given.kept.line()}\n".encode())
        session.show(receipts.REPORT, given)


@main.command("check-code")
@argument("codes", nargs=-1, required=True, metavar="CODE")
@pass_session
def check_code(session: Session, codes: tuple[str, ...]) -> None:
    from engine.check_code import read_check_code, whole_codes
    from reports import check_codes as report
    from reports.progress import Progress

    read = [read_check_code(code) for code in whole_codes(codes)]
    with session.desk(receipts=session.receipts()) as desk:
        with Progress(session.words, "progress.verify") as progress:
            answer = desk.check_codes(read, progress=progress)
        session.show(report.REPORT, answer)
    sys.exit(0 if answer.ok else NOT_WHOLE)


# For other programs


@main.group()
def export() -> None: ...


@export.command("xes")
@exports
def export_xes(_out: str) -> str:
    return "xes"


@export.command("ocel")
@option("--form", type=click.Choice(["json", "sqlite"]))
@exports
def export_ocel(out: str, form: str | None) -> str:
    from reports.mining.exporting import ocel_form

    found = form or ocel_form(out)
    if found is None:
        raise click.UsageError(spoken().say("usage.ocel_form", file=out))
    return found


@export.command("csv")
@exports
def export_csv(_out: str) -> str:
    return "csv"


# Signing and proving


@main.group()
def key() -> None: ...


@key.command("new")
@option("--witness", metavar="NAME")
@option("--out", metavar="FILE")
@takes_passphrase(new=True)
@pass_session
def key_new(session: Session, witness: str | None, out: str | None, ask: Ask) -> None:
    from engine.tlog.notes import LOG, WITNESS
    from reports import keys
    from store.audit import files
    from store.audit.keys import make_key

    session.check(keys.REPORT)
    file = out or (LOG_KEY if witness is None else WITNESS_KEY)
    files.check_new(file)
    if witness is None:
        with session.desk() as desk:
            made = make_key(desk.log_name(), LOG, file, ask())
    else:
        made = make_key(witness, WITNESS, file, ask())
    session.show(keys.REPORT, keys.Made(made, file, new=True))


@key.command("show")
@argument("file", type=FILE)
@pass_session
def key_show(session: Session, file: str) -> None:
    from reports import keys
    from store.audit.keys import read_locked

    session.show(keys.REPORT, keys.Made(read_locked(file).public, file, new=False))


@main.command()
@option("--key", "key_file", type=FILE, required=True, metavar="FILE")
@option("--out", metavar="FILE")
@option("--since", type=FILE, metavar="CHECKPOINT")
@option("--proof", metavar="FILE")
@takes_passphrase()
@pass_session
def checkpoint(session: Session, key_file: str, out: str | None, since: str | None, proof: str | None, ask: Ask) -> None:
    from engine.tlog.checkpoints import read_signed
    from reports import checkpoints
    from reports.progress import Progress
    from store.audit import files
    from store.audit.keys import read_locked, unlock

    if (since is None) != (proof is None):
        raise click.UsageError(spoken().say("usage.since_and_proof"))
    session.check(checkpoints.REPORT)
    files.check_new(out, proof)
    key = read_locked(key_file)
    held = files.read_given(since, read_signed)
    actor = None if session.actor is None else arguments.actor(session.actor)
    with session.signing_desk() as desk:
        with Progress(session.words, "progress.verify") as progress:
            issued = desk.checkpoint(key.public, lambda: unlock(key, ask()), actor=actor, since=held, progress=progress)
        for file, made in ((out, issued.signed.note), (proof, issued.request)):
            if file is not None and made is not None:
                files.make(file, made.to_bytes())
        shown = checkpoints.Shown(signed=issued.signed, by=key.public.name, file=out, proof=proof)
        session.show(checkpoints.REPORT, shown)


@main.command()
@argument("checkpoint", type=FILE, metavar="CHECKPOINT")
@option("--key", "key_file", type=FILE, required=True, metavar="FILE")
@option("--state", required=True, metavar="FILE")
@option("--proof", type=FILE, metavar="FILE")
@option("--log", "log_key", type=VERIFIER_KEY, metavar="KEY")
@option("--out", metavar="FILE")
@takes_passphrase()
@pass_session
def witness(  # noqa: PLR0917 - click hands every parameter over by its name
    session: Session, checkpoint: str, key_file: str, state: str, proof: str | None, log_key: Any, out: str | None, ask: Ask
) -> None:
    from engine.tlog.checkpoints import read_request, read_signed
    from reports import checkpoints
    from store.audit import files
    from store.audit.keys import read_locked, unlock
    from store.audit.witness import Witness
    from store.sources import system_sources

    session.check(checkpoints.REPORT)
    files.check_new(out)
    key, signed = read_locked(key_file), files.read(checkpoint, read_signed)
    request = files.read_given(proof, read_request)
    now = system_sources().clock
    cosigner = Witness(key=key.public, unlock=lambda: unlock(key, ask()), record=state, now=lambda: int(now().timestamp()))
    done = cosigner.cosign(signed, log_key, request)
    if out is not None:
        files.make(out, done.signed.note.to_bytes())
    shown = checkpoints.Shown(signed=done.signed, by=key.public.name, file=out, cosigned=True, before=done.before)
    session.show(checkpoints.REPORT, shown)


@main.group()
def audit() -> None: ...


@audit.command("verify")
@option("--hashes", "depth", flag_value="hashes")
@option("--fold", "depth", flag_value="fold")
@option("--checkpoint", type=FILE, metavar="FILE")
@option("--policy", type=FILE, metavar="FILE")
@option("--receipt", "receipts", type=FILE, multiple=True, metavar="FILE")
@pass_session
def audit_verify(session: Session, depth: Any, checkpoint: str | None, policy: str | None, receipts: tuple[str, ...]) -> None:
    from engine.tlog.checkpoints import read_signed
    from engine.tlog.policies import read_policy
    from reports import verify as report
    from reports.progress import Progress
    from store.audit import files
    from store.receipts import Receipts

    if policy is not None and checkpoint is None:
        raise click.UsageError(spoken().say("usage.policy_of_what"))
    held = files.read_given(checkpoint, read_signed)
    trusted = files.read_given(policy, read_policy)
    named = Receipts.named(receipts)
    with session.desk(receipts=session.receipts()) as desk:
        with Progress(session.words, "progress.verify") as progress:
            answer = desk.audit(depth or "full", checkpoint=held, policy=trusted, receipts=named, progress=progress)
        session.show(report.REPORT, answer)
    sys.exit(0 if answer.ok else NOT_WHOLE)


@audit.command("prove")
@argument("what", metavar="UNIT_OR_SEQ", shell_complete=complete_units)
@option("--checkpoint", type=FILE, required=True, metavar="FILE")
@option("--out", metavar="FILE")
@pass_session
def audit_prove(session: Session, what: str, checkpoint: str, out: str | None) -> None:
    from engine.tlog.checkpoints import read_signed
    from reports import audits
    from reports.typed import position
    from store.audit import files

    session.check(audits.PROVEN)
    files.check_new(out)
    held = files.read(checkpoint, read_signed)
    with session.desk() as desk:
        seq = position(what)
        made = desk.prove(seq if isinstance(seq, int) else desk.find_unit(what), held)
        if out is not None:
            files.make(out, made.to_bytes())
        session.show(audits.PROVEN, audits.Proven(made, out))


@audit.command("bundle")
@argument("out", metavar="OUT.zip")
@argument("unit", required=False, metavar="UNIT", shell_complete=complete_units)
@option("--checkpoint", type=FILE, required=True, metavar="FILE")
@option("--policy", type=FILE, metavar="FILE")
@option("--since", type=FILE, metavar="CHECKPOINT")
@pass_session
def audit_bundle(session: Session, out: str, unit: str | None, checkpoint: str, policy: str | None, since: str | None) -> None:
    from engine.tlog.checkpoints import read_signed
    from engine.tlog.policies import read_policy
    from reports import bundles
    from reports.progress import Progress
    from store.audit import files
    from store.audit.bundle import Contents

    session.check(bundles.REPORT)
    files.check_new(out)
    held = files.read(checkpoint, read_signed)
    earlier = files.read_given(since, read_signed)
    trusted = files.read_given(policy, lambda raw: (read_policy(raw), raw))
    with session.desk() as desk:
        code = None if unit is None else desk.find_unit(unit)
        contents = Contents(signed=held, unit=code, policy=trusted, since=earlier, companions=bundles.companions())
        with Progress(session.words, "progress.verify") as progress:
            made = desk.bundle(out, contents, progress=progress)
        session.show(bundles.REPORT, made)


@audit.command("check")
@argument("file", type=FILE)
@option("--policy", type=FILE, metavar="FILE")
@pass_session
def audit_check(session: Session, file: str, policy: str | None) -> None:
    from engine.tlog.checkpoints import read_entry_proof
    from engine.tlog.policies import read_policy
    from reports import audits
    from store.audit import files
    from store.audit.proving import check

    trusted = files.read_given(policy, read_policy)
    checked = check(files.read(file, read_entry_proof), trusted)
    session.show(audits.CHECKED, checked)
    sys.exit(0 if checked.ok else NOT_WHOLE)


@audit.command("diff")
@argument("old", metavar="OLD")
@argument("new", metavar="NEW")
@option("--proof", type=FILE, metavar="FILE")
@pass_session
def audit_diff(session: Session, old: str, new: str, proof: str | None) -> None:
    from reports import audits
    from store.audit.comparing import compare, is_store
    from store.desk import Desk

    compared = compare(old, new, session.season, proof)
    if is_store(new):
        with Desk.open(new, session.season, read_only=True) as desk:
            session.at(desk)
    session.show(audits.COMPARED, compared)
    sys.exit(0 if compared.ok else NOT_WHOLE)


@main.group()
def evidence() -> None: ...


@evidence.command("list")
@unit_argument(required=False)
@option("--under", metavar="UNIT", shell_complete=complete_units)
@pass_session
def evidence_list(session: Session, unit: str | None, under: str | None) -> None:
    from reports import evidence as report

    with session.desk() as desk:
        session.show(report.LIST, desk.evidence(unit and desk.find_unit(unit), under=under and desk.find_unit(under)))


@evidence.command("check")
@argument("folder", type=FOLDER, metavar="FOLDER")
@option("--unit", metavar="UNIT", shell_complete=complete_units)
@option("--under", metavar="UNIT", shell_complete=complete_units)
@pass_session
def evidence_check(session: Session, folder: str, unit: str | None, under: str | None) -> None:
    from reports import evidence as report
    from reports.progress import Progress
    from store.audit.evidence import EvidenceChecked
    from store.audit.folder import read_folder

    with session.desk() as desk:
        asked = desk.evidence(unit and desk.find_unit(unit), under=under and desk.find_unit(under))
    # behind the desk: on some systems whoever closes the season's own file, if it lies there, lets go of the locks on it
    with Progress(session.words, "progress.folder") as progress:
        checked = EvidenceChecked(asked=asked, folder=read_folder(folder, progress))
    session.show(report.REPORT, checked)
    sys.exit(0 if checked.ok else NOT_WHOLE)


# Procedures


@main.group()
def workflow() -> None: ...


@workflow.command("list")
@pass_session
def workflow_list(session: Session) -> None:
    from reports import procedures
    from workflows.catalogue import bundled
    from workflows.load import load_workflow

    session.show(procedures.LIST, tuple(load_workflow(name) for name in bundled("procedure")))


@workflow.command("show")
@argument("name", metavar="ID_OR_FILE")
@pass_session
def workflow_show(session: Session, name: str) -> None:
    from reports import procedures
    from workflows.load import load_workflow

    session.show(procedures.ONE, load_workflow(name))


@workflow.command("check")
@argument("name", metavar="ID_OR_FILE")
@pass_session
def workflow_check(session: Session, name: str) -> None:
    from reports import problems
    from workflows.load import check_workflow

    checked = problems.Checked(name, check_workflow(name).problems)
    session.show(problems.REPORT, checked)
    sys.exit(MISTAKES if checked.errors else 0)


@workflow.command("diagram")
@argument("name", metavar="ID_OR_FILE")
@pass_session
def workflow_diagram(session: Session, name: str) -> None:
    from engine.machine import mermaid
    from reports import procedures
    from workflows.load import load_workflow

    session.show(procedures.DIAGRAM, mermaid(load_workflow(name), session.words.language))


@main.group()
def season() -> None: ...


@season.command("check")
@argument("file")
@pass_session
def season_check(session: Session, file: str) -> None:
    from reports import problems
    from workflows.seasons import check_season

    checked = problems.Checked(file, check_season(file).problems)
    session.show(problems.REPORT, checked)
    sys.exit(MISTAKES if checked.errors else 0)


# Scenarios


@main.group()
def scenario() -> None: ...


@scenario.command("run")
@argument("file", metavar="SCENARIO")
@option("--keep", is_flag=False, flag_value="", metavar="PATH")
@pass_session
def scenario_run(session: Session, file: str, keep: str | None) -> None:
    from reports import rehearsal

    with rehearsed(session, file, keep) as played:
        session.show(rehearsal.REPORT, rehearsal.Outcome(played.scenario, played.result, played.place))


if __name__ == "__main__":
    main()
