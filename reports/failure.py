"""How a run ends that did not go well: one message on stderr, in words or as JSON, and an exit code. Never a traceback."""

from __future__ import annotations

import os
import traceback
from itertools import chain
from typing import Any

import click

from engine.errors import DaihoiError
from engine.workflow import Workflow
from reports import errors
from reports.output import About, Output, rehearsal
from reports.todos import ALONE, Others
from reports.usage import Internal, Interrupted, Mistaken

DEBUG = "DAIHOI_DEBUG"


def explain(error: Exception, output: Output, about: About | None, workflow: Workflow | None, others: Others = ALONE) -> int:
    """Tell an error, and give its exit code."""
    told = _ours(error)
    if isinstance(told, Internal) and os.environ.get(DEBUG):
        traceback.print_exception(error)
    if output.format == "json":
        output.message_json(_with_log(errors.to_json(told, output.words, workflow, others), about))
    else:
        output.message(chain(rehearsal(about, output.words), errors.page(told, output.words, workflow, others)))
    return told.exit_code


def _ours(error: Exception) -> DaihoiError:
    if isinstance(error, DaihoiError):
        return error
    if isinstance(error, click.Abort):
        return Interrupted()
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        return Mistaken(words=error.format_message(), command="daihoi" if context is None else context.command_path)
    return Internal(detail=f"{type(error).__name__}: {error}")


def _with_log(written: dict[str, Any], about: About | None) -> dict[str, Any]:
    """Which log it was about, as far as that was known."""
    if about is not None:
        written["error"] |= {"season": about.season, "origin": about.origin}
    return written
