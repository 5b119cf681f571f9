"""What the trials found, kept from run to run, and the pages made of it: each promise, its trials, their counts, and how to try again.

A run writes down the kinds that it tried and leaves the others as they were, so that a soak can be taken in parts. Each finding says on
which day and with which versions it was made.
"""

from __future__ import annotations

import json
import platform
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import attrs

from tests.trials import KINDS, Kind

KEPT: Final = "docs/reliability.json"
PAGES: Final = {"en": "docs/reliability.md", "vi": "docs/vi/do-tin-cay.md"}
"""The page in each language, from the root of the project."""

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "head": (
            "# Reliability\n\n"
            "What is promised, how often each promise was tried, and how often it was broken. This page is written by the run "
            "that tries them: `make soak` (some hours; Debian, PostgreSQL from its wheel). Every `make test` tries the same in a "
            "smaller size.\n"
        ),
        "columns": "| What was tried | Trials | Broken | Also seen | When and with what | Again with |\n|---|--:|--:|---|---|---|",
        "not_run": "not tried yet",
    },
    "vi": {
        "head": (
            "# Độ tin cậy\n\n"
            "Chương trình hứa điều gì, mỗi lời hứa đã được thử bao nhiêu lần và bao nhiêu lần không giữ được. Trang này do chính "
            "lần chạy thử ghi ra: `make soak` (mất vài giờ; Debian, PostgreSQL cài từ gói Python). Mỗi lần `make test` thử lại các "
            "nội dung này với quy mô nhỏ hơn.\n"
        ),
        "columns": (
            "| Nội dung thử | Số lần | Không giữ được | Ghi nhận thêm | Ngày thử, phiên bản | Chạy lại bằng |\n|---|--:|--:|---|---|---|"
        ),
        "not_run": "chưa thử",
    },
}

PROMISES: Final[dict[str, dict[str, str]]] = {
    "P1": {
        "en": "An acknowledged command survives kill, crash and power loss",
        "vi": "Lệnh đã có biên nhận thì còn nguyên dù chương trình bị tắt, máy hỏng hay mất điện",
    },
    "P2": {"en": "A command is applied once or not at all", "vi": "Một lệnh được thực hiện đúng một lần hoặc không lần nào"},
    "P3": {
        "en": "Of those who decided on one version of a unit, one wins; the others are told who",
        "vi": "Nhiều người cùng quyết định trên một phiên bản của đơn vị thì một người được, những người khác được báo rõ là ai",
    },
    "P4": {
        "en": "State is the fold of the log: the same bytes on SQLite and PostgreSQL",
        "vi": "Trạng thái là kết quả dựng lại từ nhật ký: SQLite và PostgreSQL cho ra các byte như nhau",
    },
    "P5": {
        "en": "Nothing accepted can be changed, removed or reordered without verify failing",
        "vi": "Việc đã ghi mà bị sửa, bị bỏ hay bị đảo thứ tự thì lệnh verify phát hiện",
    },
    "P7": {
        "en": "Auditors can check all this offline without our software",
        "vi": "Kiểm toán tự kiểm tra được mọi điều này mà không cần mạng và không cần phần mềm của chúng tôi",
    },
    "P8": {
        "en": "Bad input gets one clear message, an exit code, no traceback, and nothing half done",
        "vi": "Dữ liệu sai nhận một thông báo rõ ràng và mã thoát; không có lỗi lập trình hiện ra, không có việc dở dang",
    },
}


SEEN_VI: Final = {
    "accepted": "được chấp nhận",
    "found": "được phát hiện",
    "the_same": "nội dung vẫn y nguyên",
    "called_wrongly": "gọi sai",
    "checkpoint": "sai ở điểm chốt",
    "container": "sai ở vỏ gói",
    "definition": "sai ở định nghĩa",
    "fold": "sai khi gộp",
    "heads": "sai ở gốc đầu sổ",
    "leaves": "sai ở các lá",
    "manifest": "sai ở bản kê",
    "no_proof": "thiếu bằng chứng nối tiếp",
    "order": "sai thứ tự",
    "past": "sai ở quá khứ",
    "proof": "sai ở bằng chứng",
    "root": "sai mã băm gốc",
    "signature": "sai ở chữ ký",
    "conflicts": "xung đột phiên bản",
    "rehearsed": "chạy thử",
    "still_true": "vẫn đúng",
    "together": "ghi cùng một lần",
    "opened": "mở được kỳ đại hội",
    "played": "chạy được kịch bản",
    "processes": "chương trình riêng",
    "recorded": "được ghi",
    "acts": "việc đã làm",
    "acts_acknowledged": "việc đã có biên nhận",
    "answers": "câu trả lời",
    "closing": "lúc đóng",
    "opening": "lúc mở kỳ",
    "rebuild": "lúc dựng lại bảng",
    "clocks_behind": "đồng hồ chạy lùi",
    "cut_after": "đứt sau khi ghi",
    "cut_before": "đứt trước khi ghi",
    "disturbances": "lần gây sự cố",
    "moments": "thời điểm khác nhau",
    "not_known": "chưa xác định được",
    "nothing_recorded": "báo chưa ghi gì",
    "refused": "bị từ chối",
    "repeated": "nhận lại biên nhận lần đầu",
    "syncs": "lần ghi xuống đĩa",
    "told_who_won": "được báo ai thắng",
    "winners": "người được",
}
"""What a test may count besides; error codes and names of places in the program stay as they are."""


@attrs.define
class Finding:
    """What the tests of one kind found together, on which day and with what."""

    kind: Kind
    done: int = 0
    wrong: int = 0
    seen: dict[str, int] = attrs.field(factory=dict)
    tests: list[str] = attrs.field(factory=list)
    on: str = ""
    versions: str = ""

    def add(self, test: str, told: Mapping[str, Any]) -> None:
        self.done += told["done"]
        self.wrong += told["wrong"]
        for name, number in told["seen"].items():
            self.seen[name] = self.seen.get(name, 0) + number
        if test not in self.tests:
            self.tests.append(test)


def page(findings: Iterable[Finding], lang: str) -> str:
    """The page in one language; kinds that did not run are there and say so."""
    found = {finding.kind.name: finding for finding in findings}
    texts = _TEXTS[lang]
    parts = [texts["head"]]
    for promise, words in PROMISES.items():
        kinds = [kind for kind in KINDS.values() if kind.promise == promise]
        if kinds:
            rows = "\n".join(_row(kind, found.get(kind.name), lang) for kind in kinds)
            parts.append(f"## {promise}. {words[lang]}\n\n{texts['columns']}\n{rows}\n")
    return "\n".join(parts)


def _row(kind: Kind, finding: Finding | None, lang: str) -> str:
    if finding is None:
        return f"| {kind.text[lang]} | | | {_TEXTS[lang]['not_run']} | | |"
    seen = ", ".join(f"{_seen(name, lang)} {_number(number, lang)}" for name, number in sorted(finding.seen.items()))
    made = f"{finding.on}, {finding.versions}"
    again = "<br>".join(f"`SOAK=1 .venv/bin/python -m pytest {test}`" for test in sorted(finding.tests))
    return f"| {kind.text[lang]} | {_number(finding.done, lang)} | {_number(finding.wrong, lang)} | {seen} | {made} | {again} |"


def _seen(name: str, lang: str) -> str:
    return SEEN_VI.get(name, name) if lang == "vi" else name.replace("_", " ")


def _number(number: int, lang: str) -> str:
    written = f"{number:,}"
    return written if lang == "en" else written.replace(",", ".")


def _versions() -> str:
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()} {platform.machine()}"


def kept(root: Path) -> dict[str, Finding]:
    """What earlier runs found; kinds that are tried no more are forgotten."""
    try:
        tables: dict[str, Any] = json.loads((root / KEPT).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {name: Finding(kind=KINDS[name], **table) for name, table in tables.items() if name in KINDS}


def write(root: Path, found: Iterable[Finding]) -> None:
    """Write down what a run found, and make the pages anew."""
    findings = kept(root)
    for one in found:
        findings[one.kind.name] = attrs.evolve(one, on=date.today().isoformat(), versions=_versions())  # noqa: DTZ011 - a day people read
    tables = {name: attrs.asdict(one, filter=attrs.filters.exclude("kind")) for name, one in sorted(findings.items())}
    (root / KEPT).write_text(json.dumps(tables, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    for lang, name in PAGES.items():
        (root / name).write_text(page(findings.values(), lang), "utf-8")
