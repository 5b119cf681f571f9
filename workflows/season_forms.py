"""The shape of a season file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import attrs

from engine.unit import RollStatus
from workflows.forms import REQUIRED, TextForm, Words

HANOI: Final = "Asia/Ho_Chi_Minh"


@attrs.frozen(kw_only=True)
class LevelForm:
    workflow: str | None = attrs.field(default=None, metadata=REQUIRED)
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)


@attrs.frozen(kw_only=True)
class BlockForm:
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)


@attrs.frozen(kw_only=True)
class SuperiorForm:
    name: str | None = attrs.field(default=None, metadata=REQUIRED)


@attrs.frozen(kw_only=True)
class UnitForm:
    """One unit; these keys are also the columns of a CSV file."""

    code: str | None = attrs.field(default=None, metadata=REQUIRED)
    name: str | None = attrs.field(default=None, metadata=REQUIRED)
    level: str | None = attrs.field(default=None, metadata=REQUIRED)
    parent: str | None = None
    superior: str | None = None
    block: str | None = None
    pilot_of: str | None = None
    tags: Words | None = None


@attrs.frozen(kw_only=True)
class UnitsFromForm:
    file: str | None = attrs.field(default=None, metadata=REQUIRED)


@attrs.frozen(kw_only=True)
class NumberedForm:
    """Units without names of their own; `counts`: how many below each parent, numbered through in this order."""

    prefix: str | None = attrs.field(default=None, metadata=REQUIRED)
    name: str | None = attrs.field(default=None, metadata=REQUIRED)
    level: str | None = attrs.field(default=None, metadata=REQUIRED)
    counts: Mapping[str, int] | None = attrs.field(default=None, metadata=REQUIRED)
    block: str | None = None
    tags: Words | None = None


@attrs.frozen(kw_only=True)
class SeasonForm:
    id: str | None = attrs.field(default=None, metadata=REQUIRED)
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    board: str | None = attrs.field(default=None, metadata=REQUIRED)
    opened_on: date | None = None
    timezone: str = HANOI
    plans: Words | None = None
    levels: Mapping[str, LevelForm] | None = attrs.field(default=None, metadata=REQUIRED)
    blocks: Mapping[str, BlockForm] = attrs.field(factory=dict)
    superiors: Mapping[str, SuperiorForm] = attrs.field(factory=dict)
    units: tuple[UnitForm, ...] = ()
    units_from: tuple[UnitsFromForm, ...] = ()
    numbered: tuple[NumberedForm, ...] = ()
    rolls: Mapping[str, RollStatus] = attrs.field(factory=dict)
