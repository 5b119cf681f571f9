"""The pages that a soak writes: each promise, its trials, their counts, and the command that tries them again."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from tests.trials import KINDS, Kind

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
        "columns": "| What was tried | Trials | Broken | Also seen | Again with |\n|---|---:|---:|---|---|",
        "not_run": "not in this run",
        "with": "Written with {versions}.",
    },
    "vi": {
        "head": (
            "# Độ tin cậy\n\n"
            "Chương trình hứa điều gì, mỗi lời hứa đã được thử bao nhiêu lần và bao nhiêu lần không giữ được. Trang này do chính "
            "lần chạy thử ghi ra: `make soak` (mất vài giờ; Debian, PostgreSQL cài từ gói Python). Mỗi lần `make test` thử lại các "
            "nội dung này với quy mô nhỏ hơn.\n"
        ),
        "columns": "| Nội dung thử | Số lần | Không giữ được | Ghi nhận thêm | Chạy lại bằng lệnh |\n|---|--:|--:|---|---|",
        "not_run": "không thử trong lần này",
        "with": "Ghi bằng {versions}.",
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
    "P8": {
        "en": "Bad input gets one clear message, an exit code, no traceback, and nothing half done",
        "vi": "Dữ liệu sai nhận một thông báo rõ ràng và mã thoát; không có lỗi lập trình hiện ra, không có việc dở dang",
    },
}


@attrs.define
class Finding:
    """What the tests of one kind found together."""

    kind: Kind
    done: int = 0
    wrong: int = 0
    seen: dict[str, int] = attrs.field(factory=dict)
    tests: list[str] = attrs.field(factory=list)

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
    parts.append(texts["with"].format(versions=_versions()) + "\n")
    return "\n".join(parts)


def _row(kind: Kind, finding: Finding | None, lang: str) -> str:
    if finding is None:
        return f"| {kind.text[lang]} | | | {_TEXTS[lang]['not_run']} | |"
    seen = ", ".join(f"{name.replace('_', ' ')} {_number(number, lang)}" for name, number in sorted(finding.seen.items()))
    again = "<br>".join(f"`SOAK=1 .venv/bin/python -m pytest {test}`" for test in sorted(finding.tests))
    return f"| {kind.text[lang]} | {_number(finding.done, lang)} | {_number(finding.wrong, lang)} | {seen} | {again} |"


def _number(number: int, lang: str) -> str:
    written = f"{number:,}"
    return written if lang == "en" else written.replace(",", ".")


def _versions() -> str:
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()} {platform.machine()}"


def write(root: Path, findings: Iterable[Finding]) -> None:
    known = list(findings)
    for lang, name in PAGES.items():
        (root / name).write_text(page(known, lang), "utf-8")
