"""Small files that are right, for tests to break in one place."""

from __future__ import annotations

from pathlib import Path

from workflows import load, plans, seasons
from workflows.load import LoadedWorkflow
from workflows.problems import Problem
from workflows.seasons import LoadedSeason
from workflows.toml import read_toml

MEETING = """\
id = "meeting"
version = "1"
text.vi = "Hội nghị"
text.en = "meeting"
initial = "preparing"

[states.preparing]
text.vi = "Chuẩn bị"
text.en = "preparing"
due = "meeting_by"

[states.done]
text.vi = "Xong"
text.en = "done"
final = true

[milestones.held]
text.vi = "đã họp"
text.en = "held"

[[transitions]]
trigger = "meet"
from = "preparing"
to = "done"
awards = ["held"]
text.vi = "Họp"
text.en = "meet"

[[transitions]]
trigger = "put_off"
from = "preparing"
to = "="
back = true
clears = ["present"]
text.vi = "Hoãn"
text.en = "put off"

[facts.present]
type = "int"
text.vi = "số người có mặt"
text.en = "people present"

[documents.report]
needed_before = ["meet"]
source = "1/QĐ"
text.vi = "Báo cáo"
text.en = "report"

[plan_values.meeting_by]
type = "date"
text.vi = "hạn họp"
text.en = "last day"

[plan_values.quorum]
type = "int"
text.vi = "số người tối thiểu"
text.en = "quorum"

[guards.quorum]
must = "fact.present >= plan.quorum"
before = ["meet"]
source = "1/QĐ, Điều 2"
certainty = "A"
text.vi = "Đủ số người"
text.en = "a quorum is there"
"""

PLAN = """\
id = "plan-1"
issuer = "top"
number = "1"
type = "KH"
year = 2026
dated = 2026-01-05
text.vi = "Kế hoạch"
text.en = "plan"

[[values]]
name = "quorum"
value = 5

[[values]]
name = "meeting_by"
value = 2026-06-30
scope = { level = "group" }

[[pilots]]
level = "group"
count = 1
units = ["group-a"]
"""

SEASON = """\
id = "season-1"
text.vi = "Kỳ họp"
text.en = "season"
board = "top"
opened_on = 2026-01-10
plans = ["plan-1.toml"]

[levels.union]
workflow = "union.toml"
text.vi = "hội"
text.en = "union"

[levels.group]
workflow = "meeting.toml"
text.vi = "nhóm"
text.en = "group"

[blocks.north]
text.vi = "khối bắc"
text.en = "north"

[superiors.outside]
name = "Trung ương"

[[units]]
code = "top"
name = "Hội"
level = "union"
superior = "outside"

[[units]]
code = "group-a"
name = "Nhóm A"
level = "group"
parent = "top"
block = "north"
pilot_of = "top"

[[units]]
code = "group-b"
name = "Nhóm B"
level = "group"
parent = "top"
tags = ["small"]
"""

UNION = """\
id = "union"
extends = "meeting.toml"

[guards.groups-met]
must = 'children.reached("held") == children.total'
before = ["meet"]
source = "1/QĐ, Điều 3"
certainty = "A"
text.vi = "Các nhóm đã họp"
text.en = "all groups have met"
"""

SCENARIO = """\
id = "scenario-1"
season = "season.toml"
seed = 1
text.vi = "Kịch bản"
text.en = "scenario"

[courses.meet]
acts = [
  { after = -2, file = ["report"] },
  { after = 0, record = { present = 7 } },
  { after = 0, advance = "meet" },
]

[[acts]]
on = 2026-02-10
units = { level = "group" }
course = "meet"

[[acts]]
check = { under = "top", level = "group", reached = "held", count = 2 }

[[acts]]
on = 2026-02-20
unit = "top"
advance = "meet"
expect = { refused = "E-GUARD", guards = ["quorum"] }

[[acts]]
on = 2026-02-20
recorded = 2026-02-25
unit = "top"
record = { present = 3 }
name = "count"
reason = "danh sách ký tên"

[[acts]]
on = 2026-02-26
unit = "top"
correct = { ref = "count", value = 6 }
reason = "đếm lại"

[[acts]]
check = { unit = "top", state = "preparing" }
"""


def edited(text: str, old: str, new: str) -> str:
    """The text with one place changed; the place must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


def write(folder: Path, **files: str | bytes) -> Path:
    """Write `name.toml` for each keyword (`_` is `-`); the folder."""
    for name, content in files.items():
        path = folder / f"{name.replace('_', '-')}.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def write_season(folder: Path, **changed: str) -> Path:
    """The whole small season, some of its files changed; the path of the season's file."""
    files = {"season": SEASON, "meeting": MEETING, "union": UNION, "plan_1": PLAN, "scenario": SCENARIO, **changed}
    return write(folder, **files) / "season.toml"


def checked(folder: Path, text: str) -> LoadedWorkflow:
    """A procedure's file, read and checked."""
    return load.check_document(read_toml(write(folder, meeting=text) / "meeting.toml", "meeting.toml"))


def checked_plan(folder: Path, text: str) -> plans.LoadedPlan:
    return plans.check_document(read_toml(write(folder, plan=text) / "plan.toml", "plan.toml"))


def checked_season(path: Path) -> LoadedSeason:
    return seasons.check_document(read_toml(path, path.name))


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    """The codes and places of what was found."""
    return [(p.code, p.where) for p in problems]
