"""What every `daihoi export` takes, and how it is carried out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from reports.arguments import argument, complete_units, option
from reports.run import pass_session
from reports.session import Session

F = TypeVar("F", bound=Callable[..., str])


def exports(command: F) -> F:
    """A command that says in which form the log is written; it is written into OUT, all of it or a part of the tree."""

    @argument("out", metavar="FILE")
    @option("--under", "top", metavar="UNIT", shell_complete=complete_units)
    @option("--replace", is_flag=True)
    @pass_session
    @wraps(command)
    def wrapped(session: Session, /, out: str, top: str | None, replace: bool, **given: Any) -> None:  # noqa: FBT001 - click's
        from reports.mining import exported
        from reports.mining.exporting import export
        from reports.progress import Progress

        session.check(exported.REPORT)
        form = command(out, **given)
        with session.desk() as desk:
            under = None if top is None else desk.find_unit(top)
            with Progress(session.words, "progress.verify") as progress:
                answer = export(desk, form, out, session.words, progress, under=under, over=replace)
            session.show(exported.REPORT, answer)

    return wrapped  # type: ignore[return-value]  # click looks only at the parameters that were attached
