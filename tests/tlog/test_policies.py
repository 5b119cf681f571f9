"""Trust policies: k of n, as c2sp.org/tlog-policy defines them."""

from __future__ import annotations

from itertools import combinations

import pytest

from engine.tlog.malformed import Malformed
from engine.tlog.notes import LOG, WITNESS, VerifierKey
from engine.tlog.policies import MOST_LINES, Policy, read_policy
from tests.tlog.signing import key

L = key("log.example/one", LOG)[0]
OTHER = key("log.example/two", LOG)[0]
W: dict[str, VerifierKey] = {name: key(f"w.example/{name}", WITNESS)[0] for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")}
WITNESSES = "".join(f"witness {name} {public}\n" for name, public in W.items())

# the example of the specification
EXAMPLE = f"""log {L}

{WITNESSES}
group X-witnesses 2 X1 X2 X3
 group\tY-witnesses any Y1 Y2 Y3
# both organisations
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def policy(text: str) -> Policy:
    return read_policy(text.encode())


def test_the_published_example_wants_two_of_the_first_and_one_of_the_others() -> None:
    read = policy(EXAMPLE)

    for many in range(len(W) + 1):
        for agreed in combinations(W, many):
            firsts = sum(name.startswith("X") for name in agreed)
            enough = firsts >= 2 and many > firsts
            assert read.has_quorum([W[name] for name in agreed]) == enough


@pytest.mark.parametrize(("threshold", "least"), [("any", 1), ("1", 1), ("2", 2), ("3", 3), ("all", 3)])
def test_k_of_n(threshold: str, least: int) -> None:
    read = policy(f"{WITNESSES}group g {threshold} X1 X2 X3\nquorum g\n")

    for many in range(4):
        for agreed in combinations(("X1", "X2", "X3"), many):
            assert read.has_quorum([W[name] for name in agreed]) == (many >= least)
    assert not read.has_quorum([W["Y1"], W["Y2"], W["Y3"]])


def test_one_witness_or_none_may_be_enough() -> None:
    assert policy(f"{WITNESSES}quorum X2\n").has_quorum([W["X2"]])
    assert not policy(f"{WITNESSES}quorum X2\n").has_quorum([W["X1"], W["X3"]])
    assert policy("quorum none\n").has_quorum([])


def test_a_log_is_known_by_its_key_and_its_name() -> None:
    read = policy(f"log {L}\nlog {OTHER} https://log.example/two\nquorum none\n")

    assert read.log_of(L.name, [L]) == L
    assert read.log_of(OTHER.name, [L]) is None  # a known log, but not this one's key
    assert read.log_of("log.example/three", [L, OTHER]) is None


def test_names_are_rows_of_bytes() -> None:
    read = read_policy(
        f"witness K {W['X1']}\nwitness \u212a {W['X2']}\n".encode() + f"witness \xff {W['X3']}\nquorum \xff\n".encode("latin-1")
    )

    assert read.has_quorum([W["X3"]])
    assert not read.has_quorum([W["X1"], W["X2"]])


def test_what_prints_stands_in_a_policy_tabs_too() -> None:
    """Bytes at the border of what does not print: À ends with 0x80."""
    read = policy(f"witness À~\t{W['X1']}\nquorum À~\n")

    assert read.has_quorum([W["X1"]])


def test_a_policy_is_as_long_as_any_quorum_needs() -> None:
    assert policy("#\n" * (MOST_LINES - 1) + "quorum none\n").quorum == "none"


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("", "no_quorum", None),
        (f"log {L}\n", "no_quorum", None),
        ("quorum none", "no_newline", 1),
        ("quorum none\nquorum none\n", "quorum_twice", 2),
        ("quorum X\n", "not_defined", 1),
        (f"quorum X1\n{WITNESSES}", "not_defined", 1),
        ("quorum none x\n", "policy_line", 1),
        ("policy x\nquorum none\n", "policy_line", 1),
        (f"log {L} a b\nquorum none\n", "policy_line", 1),
        (f"log {W['X1']}\nquorum none\n", "kind", 1),
        (f"witness X {L}\nquorum none\n", "kind", 1),
        (f"log {L}\nlog {L}\nquorum none\n", "key_twice", 2),
        (f"witness a {W['X1']}\nwitness b {W['X1']}\nquorum none\n", "key_twice", 2),
        (f"witness a {W['X1']}\nwitness a {W['X2']}\nquorum none\n", "name_twice", 2),
        (f"witness none {W['X1']}\nquorum none\n", "name_twice", 1),
        (f"{WITNESSES}group g 0 X1\nquorum g\n", "threshold", 7),
        (f"{WITNESSES}group g 2 X1\nquorum g\n", "threshold", 7),
        (f"{WITNESSES}group g 01 X1\nquorum g\n", "threshold", 7),
        (f"{WITNESSES}group g \u0663 X1 X2 X3\nquorum g\n", "threshold", 7),
        (f"{WITNESSES}group g any\nquorum g\n", "policy_line", 7),
        (f"{WITNESSES}group g any g\nquorum g\n", "not_defined", 7),
        (f"{WITNESSES}group g any none\nquorum g\n", "not_defined", 7),
        (f"{WITNESSES}group g any X1 X1\nquorum g\n", "member_twice", 7),
        (f"{WITNESSES}group g any X1\ngroup h any X1\nquorum h\n", "member_twice", 8),
        ("# a\rb\nquorum none\n", "control", 1),
        ("# a\x1fb\nquorum none\n", "control", 1),
        ("quorum none\n# a\x7fb\n", "control", 2),
        ("#\n" * MOST_LINES + "quorum none\n", "too_long", MOST_LINES + 1),
        (f"log {str(L).replace('one', 'two')}\nquorum none\n", "key_id", 1),
    ],
)
def test_what_is_no_policy_is_told_with_its_line(text: str, fault: str, line: int | None) -> None:
    with pytest.raises(Malformed) as told:
        policy(text)
    assert (told.value.form, told.value.fault, told.value.line) == ("policy", fault, line)
