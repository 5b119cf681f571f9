"""Whoever has no key changes what he likes in a proof, and nobody is made to believe what is not so."""

from __future__ import annotations

import pytest

from tests.tlog.forgeries import KINDS, POLICY, POLICY_TEXT, attempts, believe_entry, believe_request, is_backed, signed
from tests.trials import Trial

PARTS = 4


@pytest.mark.slow
@pytest.mark.trial("proofs")
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_changed_in_a_proof_is_refused_or_still_true(part: int, trial: Trial) -> None:
    each = trial.size // PARTS
    found = attempts(f"forger {part}", each)

    for kind in KINDS:
        tried = {answer: times for answer, times in found.items() if answer.startswith(kind.__name__)}
        believed = tried.get(f"{kind.__name__} still_true", 0)
        assert sum(tried.values()) == each // len(KINDS)
        assert 0 < believed < each // len(KINDS) // 2 or kind.__name__ == "policy_file", tried
    trial.report(each, still_true=sum(times for answer, times in found.items() if answer.endswith(" still_true")))


def test_the_files_that_are_changed_are_true_before() -> None:
    from engine.tlog.checkpoints import EntryProof, Request
    from engine.tlog.proofs import consistency, inclusion, roots
    from tests.tlog.forgeries import HASHES, LEAVES, ROOT

    proof = EntryProof(5, roots(inclusion(5, 90), HASHES), signed(90), LEAVES[5])
    request = Request(33, roots(consistency(33, 90), HASHES), signed(90))

    assert is_backed(signed(90), POLICY)
    assert POLICY_TEXT.endswith(b"quorum g\n")
    assert believe_entry(proof.to_bytes(), POLICY) == "still_true"
    assert believe_request(request.to_bytes(), POLICY, (33, ROOT[33])) == "still_true"
