"""Who has the log in hand and writes it anew: leaves changed in what they say or in how it is written, lost, doubled, moved.

A careless one leaves the rest as it was; a careful one makes numbers, versions and heads fit again. Both bind the log as if it were true.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from random import Random
from typing import Any, Final

from tests.verifier.bindery import HEADS, SEASON, Page, Pages, canonical, head

Forger = Callable[[Random, list[Page]], None]
FORGERS: Final[list[Forger]] = []
OTHERS: Final[list[Any]] = [
    None, True, False, 0, 1, -1, 2, 7, 2**53 - 1, -(2**53) + 1, "", "x", "2021-01-01", "9999-99-99", [], ["x"], [1], {}, {"x": 1},
    {"date": "2021-01-01"}, {"date": "x"}, {"date": "2021-01-01", "x": 1}, "constructor", "__proto__", "đ", "\u2028", "\U0001f600",
    "\uffff",
]  # fmt: skip
KINDS: Final = (
    "season_opened", "workflow_adopted", "plan_issued", "heads_recorded", "unit_enrolled", "unit_left", "roll_set", "fact_recorded",
    "document_filed", "document_approved", "document_returned", "advanced", "annulled", "corrected", "scheduled", "postponed", "resumed",
    "guard_waived", "confirmed", "toString", "nothing",
)  # fmt: skip


def forger(work: Forger) -> Forger:
    FORGERS.append(work)
    return work


def forged(chance: Random, pages: Pages) -> Pages:
    """The log after one forger, or two."""
    made = list(pages)
    for work in chance.sample(FORGERS, chance.choice((1, 1, 2))):
        if made:
            work(chance, made)
    if chance.randrange(2):
        made = mended(chance, made)
    return tuple(made)


def mended(chance: Random, pages: list[Page], *, carefully: bool = False) -> list[Page]:
    """What a careful forger makes fit again. Where a leaf is written otherwise, it stays so."""
    numbers, versions, every_head = (carefully or chance.randrange(4) > 0 for _ in range(3))
    counts: dict[Any, int] = {}
    made: list[Page] = []
    for number, page in enumerate(pages, 1):
        event = dict(page.event)
        unit = json.dumps(event.get("unit"))
        counts[unit] = counts.get(unit, 0) + 1
        if numbers:
            event["seq"] = number
        if versions:
            event["version"] = counts[unit]
        if every_head and event.get("kind") == HEADS:
            event["payload"] = head(tuple(made))
        made.append(page if event == page.event else Page.of(event))
    return made


def _place(chance: Random, pages: list[Page]) -> int:
    """The last leaves and the first are of more interest than others."""
    return chance.choice((0, len(pages) - 1, len(pages) - 2, *(chance.randrange(len(pages)) for _ in range(9)))) % len(pages)


def _other(chance: Random, pages: list[Page], *keys: str) -> Any:
    """Another value: one that stands at this key elsewhere, or anything."""
    found: Any = chance.choice(pages).event
    for name in keys:
        found = found.get(name) if isinstance(found, dict) else None
    return chance.choice(OTHERS) if found is None or chance.randrange(3) == 0 else found


def _rewrite(pages: list[Page], place: int, /, **changes: Any) -> None:
    pages[place] = Page.of({**pages[place].event, **changes})


@forger
def says_something_else(chance: Random, pages: list[Page]) -> None:
    at = _place(chance, pages)
    name = chance.choice((*pages[at].event, "clock", "reason", "workflow"))
    _rewrite(pages, at, **{name: _other(chance, pages, name)})


@forger
def says_less(chance: Random, pages: list[Page]) -> None:
    at = _place(chance, pages)
    event = dict(pages[at].event)
    del event[chance.choice(list(event))]
    pages[at] = Page.of(event)


@forger
def is_of_another_kind(chance: Random, pages: list[Page]) -> None:
    _rewrite(pages, _place(chance, pages), kind=chance.choice(KINDS))


def _particulars(chance: Random, pages: list[Page]) -> tuple[int, dict[str, Any]]:
    """A leaf with a payload, of the kinds that carry results more often."""
    places = [_place(chance, pages) for _ in range(6)]
    told = ("advanced", "corrected", "annulled", "document_approved", "plan_issued", HEADS)
    at = next((place for place in places if pages[place].event.get("kind") in told), places[0])
    payload = pages[at].event.get("payload")
    return at, dict(payload) if isinstance(payload, dict) else {}


@forger
def has_other_particulars(chance: Random, pages: list[Page]) -> None:
    at, payload = _particulars(chance, pages)
    optional = ("awards", "revokes", "clears", "changes", "until", "withdrawn", "value", "seq", "digest", "workflow", "enrolled")
    name = chance.choice((*payload, *payload, *payload, *optional))
    payload[name] = _other(chance, pages, "payload", name)
    _rewrite(pages, at, payload=payload)


@forger
def leaves_out_particulars(chance: Random, pages: list[Page]) -> None:
    at, payload = _particulars(chance, pages)
    if payload:
        del payload[chance.choice(list(payload))]
    _rewrite(pages, at, payload=payload)


@forger
def moves_a_number(chance: Random, pages: list[Page]) -> None:
    at = _place(chance, pages)
    name = chance.choice(("seq", "version"))
    number = pages[at].event.get(name)
    if isinstance(number, int):
        _rewrite(pages, at, **{name: number + chance.choice((-2, -1, 1, 2, 1000))})


@forger
def invents(chance: Random, pages: list[Page]) -> None:
    """An act that never was: a correction, an annulment, a step, a document."""
    codes = [
        page.event["unit"]
        for page in pages
        if page.event.get("kind") == "unit_enrolled" and isinstance(page.event.get("unit"), str)
    ]
    unit = chance.choice([*codes, SEASON])
    steps, entries, every = (
        _seqs(pages, unit, *kinds) for kinds in (("advanced",), ("fact_recorded", "document_filed", "document_approved"), ())
    )
    step, seq = chance.choice([*steps[-2:], *steps[-2:], *every]), chance.choice([*entries, *entries, *steps, *every])
    kind, payload = chance.choice(
        [
            ("corrected", {"what": "fact_recorded", "seq": seq, "name": "x", "value": chance.choice(OTHERS)}),
            ("corrected", {"what": chance.choice(("document_filed", "document_approved", "advanced")), "seq": seq, "name": "x"}),
            ("corrected", {"what": "fact_recorded", "seq": seq, "name": "x", "withdrawn": chance.choice((True, False, None))}),
            ("annulled", {"seq": step, "source": "election", "target": "preparation", "attempt": 1}),
            ("advanced", {"source": "x", "target": "y", "attempt": 2, "awards": ["held"], "revokes": ["held"],
            "clears": ["political_report"]}),
            ("advanced", {"source": "x", "target": "x", "attempt": 2, "awards": ["held", "held"], "revokes": ["documents_approved"]}),
            ("advanced", {"source": "x", "target": "x", "attempt": 1, "clears": ["theme", "delegates_present", "political_report"]}),
            ("document_returned", {"document": "political_report"}),
            ("document_approved", {"document": "new", "number": 3, "changes": [None]}),
            ("postponed", {}), ("resumed", {}), ("unit_left", {}), ("scheduled", {"day": "2021-02-03"}), ("confirmed", {}),
        ]
    )  # fmt: skip
    at = len(pages) - 1 if chance.randrange(4) and len(pages) > 1 else chance.randrange(1, len(pages) + 1)
    day = chance.choice((pages[at - 1].event.get("on"), "2020-11-11", "2020-12-31"))
    before = pages[at - 1].event
    new = {**before, "unit": unit, "kind": kind, "payload": payload, "on": day, "command": "invented"}
    pages.insert(at, Page.of({name: value for name, value in new.items() if name != "reason"}))
    pages[:] = mended(chance, pages, carefully=True)


def _seqs(pages: list[Page], unit: Any, *kinds: str) -> list[Any]:
    """The numbers of a unit's leaves, of these kinds where any are named."""
    of_unit = [page.event for page in pages if page.event.get("unit") == unit]
    return [event.get("seq") for event in of_unit if not kinds or event.get("kind") in kinds] or ([] if kinds else [1])


@forger
def goes_back_in_time(chance: Random, pages: list[Page]) -> None:
    at = _place(chance, pages)
    name = chance.choice(("at", "at", "on"))
    _rewrite(
        pages, at, **{name: chance.choice(("", "1999", "2020-10-01T00:00:00.000Z", "9999", "2020-11-05", "\U0001f600", "\uffff"))}
    )


@forger
def loses(chance: Random, pages: list[Page]) -> None:
    del pages[_place(chance, pages)]


@forger
def doubles(chance: Random, pages: list[Page]) -> None:
    at = _place(chance, pages)
    pages.insert(chance.choice((at, at, len(pages))), pages[at])


@forger
def swaps(chance: Random, pages: list[Page]) -> None:
    one, other = _place(chance, pages), _place(chance, pages)
    pages[one], pages[other] = pages[other], pages[one]


@forger
def gives_to_another(chance: Random, pages: list[Page]) -> None:
    at = _place(chance, pages)
    _rewrite(pages, at, unit=chance.choice(pages).event.get("unit"))


@forger
def cuts_the_end(chance: Random, pages: list[Page]) -> None:
    del pages[-chance.randint(1, 3) :]


@forger
def renames_the_log(chance: Random, pages: list[Page]) -> None:
    change = {chance.choice(("season", "origin")): chance.choice(("another", "a b", "a/b", "%41", "đ*!'()~", ""))}
    for at in range(len(pages)) if chance.randrange(3) else [_place(chance, pages)]:
        _rewrite(pages, at, **change)


@forger
def writes_otherwise(chance: Random, pages: list[Page]) -> None:
    at = _place(chance, pages)
    pages[at] = Page(pages[at].event, chance.choice(WAYS)(pages[at].raw))


def _nested(levels: int) -> Callable[[bytes], bytes]:
    return lambda raw: canonical({**json.loads(raw), "deep": None}).replace(
        b'"deep":null', b'"deep":' + b"[" * levels + b"]" * levels
    )


def _put(value: bytes) -> Callable[[bytes], bytes]:
    """A value that sorts first, as these bytes."""
    return lambda raw: b'{"0":' + value + b"," + raw[1:]


WAYS: Final[list[Callable[[bytes], bytes]]] = [
    lambda raw: raw.replace(b":", b": ", 1),
    lambda raw: raw + b" ",
    lambda raw: b" " + raw,
    lambda raw: raw + b"\r",
    lambda raw: b"\xef\xbb\xbf" + raw,
    lambda raw: json.dumps(dict(reversed(json.loads(raw).items())), ensure_ascii=False, separators=(",", ":")).encode(),
    lambda raw: json.dumps(json.loads(raw), separators=(",", ":")).encode(),
    lambda raw: raw.replace(b"-", b"\\u002d", 1),
    lambda raw: raw.replace(b'"season"', b'"s\\u0065ason"', 1),
    lambda raw: raw[:-1] + b',"version":1}',
    lambda raw: raw[:-1] + b',"z":1}',
    lambda raw: raw[:-1] + b',"z":1.0}',
    lambda raw: raw.replace(b'"semantics":1', b'"semantics":1.0'),
    lambda raw: raw.replace(b'"semantics":1', b'"semantics":true'),
    lambda raw: raw.replace(b'"seq":', b'"seq":0'),
    lambda raw: raw.replace(b'"seq":', b'"seq":-'),
    lambda raw: raw[:-1],
    lambda raw: raw[1:],
    lambda _: b"",
    lambda _: b"null",
    lambda _: b"[]",
    lambda raw: raw.replace("đ".encode(), unicodedata.normalize("NFD", "ề").encode()),
    *map(_nested, (62, 63, 64, 65, 500, 100_000)),
    *map(
        _put,
        (
            b"1", b"-0", b"0", b"-1", b"01", b"1e3", b"1E3", b"1.", b".5", b"+1", b"0x1", b"9007199254740991", b"9007199254740992",
            b"-9007199254740992", b"1" * 5000, b"NaN", b"Infinity", b"true", b"True", b"nul", b"''", b'"\t"', b'"\\t"', b'"\\u0009"',
            b'"\\u0001"',
            b'"\\u001f"', b'"\\u001F"', b'"\\/"', b'"\x7f"', b'"\xff"', b'"\xed\xa0\x80"', b'"\\ud800"',
            b'"\\ud83d\\ude00"', '"\U0001f600"'.encode(),
            '"é"'.encode(), unicodedata.normalize("NFD", '"é"').encode(), '{"é":1}'.encode(), unicodedata.normalize("NFD",
            '{"é":1}').encode(),
            b'{"a":1,"a":1}', b'{"b":1,"a":1}', '{"\uffff":1,"\U0001f600":2}'.encode(), '{"\U0001f600":2,"\uffff":1}'.encode(),
            b'{"":1}', b'{"a":1,}', b"[1,]", b"[1 ,2]", b"{a:1}", b'{"__proto__":1}', b'"\xe2\x80\xa8"', b'"\xc2\x85"',
            b'"\xef\xbf\xbe"', b"/**/1",
        ),
    ),
]  # fmt: skip
