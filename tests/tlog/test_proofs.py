"""Inclusion and consistency proofs against RFC 6962: its definition, its reference implementation's vectors, every size up to 300."""

from __future__ import annotations

import pytest

from engine.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash
from engine.tlog.proofs import MOST_HASHES, Span, consistency, extends, includes, inclusion, roots
from tests.engine.test_merkle import LEAVES, ROOTS

SIZES = 300
HASHES = tuple(leaf_hash(str(number).encode()) for number in range(SIZES))

# The proofs of certificate-transparency's merkle tree tests; there the first leaf is 1.
_A = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
_B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
_C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
_D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
_E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
_F = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
_G = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
_H = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
_I = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
PATHS = [(1, 1, []), (1, 8, [_G, _B, _C]), (6, 8, [_D, _E, _F]), (3, 3, [_A]), (2, 5, [_I, _B, _D])]
PROOFS = [(1, 1, []), (1, 8, [_G, _B, _C]), (6, 8, [_H, _E, _F]), (2, 5, [_B, _D])]


def root(leaves: tuple[bytes, ...]) -> bytes:
    return Frontier().extend(leaves).root()


ROOT = [root(HASHES[:size]) for size in range(SIZES + 1)]


@pytest.mark.parametrize(("leaf", "size", "path"), PATHS)
def test_the_published_inclusion_proofs_come_out_and_hold(leaf: int, size: int, path: list[str]) -> None:
    hashes = [leaf_hash(one) for one in LEAVES]
    made = roots(inclusion(leaf - 1, size), hashes)

    assert [one.hex() for one in made] == path
    assert includes(leaf - 1, size, hashes[leaf - 1], made, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "size", "path"), PROOFS)
def test_the_published_consistency_proofs_come_out_and_hold(old: int, size: int, path: list[str]) -> None:
    made = roots(consistency(old, size), map(leaf_hash, LEAVES))

    assert [one.hex() for one in made] == path
    assert extends(old, bytes.fromhex(ROOTS[old - 1]), size, bytes.fromhex(ROOTS[size - 1]), made)


def path_by_definition(index: int, leaves: tuple[bytes, ...]) -> list[bytes]:
    """PATH(m, D[n]) as RFC 6962 §2.1.1 writes it down."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*path_by_definition(index, leaves[:split]), root(leaves[split:])]
    return [*path_by_definition(index - split, leaves[split:]), root(leaves[:split])]


def subproof_by_definition(old: int, leaves: tuple[bytes, ...], *, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) as RFC 6962 §2.1.2 writes it down."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*subproof_by_definition(old, leaves[:split], whole=whole), root(leaves[split:])]
    return [*subproof_by_definition(old - split, leaves[split:], whole=False), root(leaves[:split])]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 11, 16, 21, 33])
def test_proofs_are_those_of_the_definition(size: int) -> None:
    leaves = HASHES[:size]
    for index in range(size):
        assert list(roots(inclusion(index, size), leaves)) == path_by_definition(index, leaves)
        assert list(roots(consistency(index + 1, size), leaves)) == subproof_by_definition(index + 1, leaves, whole=True)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 100])
def test_many_proofs_of_one_tree_come_out_of_one_pass(size: int) -> None:
    asked = [*(inclusion(index, size) for index in range(size)), *(consistency(old, size) for old in range(1, size + 1))]
    spans = [Span(0, size), *(span for proof in asked for span in proof)]
    made = iter(roots(spans, iter(HASHES[:size])))

    assert next(made) == ROOT[size]
    for proof in asked:
        assert [next(made) for _ in proof] == [SUBTREES[span] for span in proof]


@pytest.mark.parametrize("span", [Span(1, 3), Span(0, 3), Span(4, 4), Span(6, 9), Span(0, 8)])
def test_what_is_no_subtree_or_not_there_is_not_made_up(span: Span) -> None:
    with pytest.raises(ValueError, match="no leaves for"):
        roots([Span(0, 7), span] if span.end < 8 else [span], HASHES[:7])


class Subtrees(dict[tuple[int, int], bytes]):
    """The root of each run of leaves, worked out once."""

    def __missing__(self, span: tuple[int, int]) -> bytes:
        start, end = span
        if end - start == 1:
            return HASHES[start]
        split = 1 << (end - start - 1).bit_length() - 1
        self[span] = found = node_hash(self[start, start + split], self[start + split, end])
        return found


SUBTREES = Subtrees()


@pytest.mark.slow
def test_every_true_proof_of_every_size_up_to_300_holds_and_its_nearest_lies_do_not() -> None:
    for size in range(1, SIZES + 1):
        for index in range(size):
            proof = [SUBTREES[span] for span in inclusion(index, size)]
            assert includes(index, size, HASHES[index], proof, ROOT[size])
            assert not includes(index, size, HASHES[index - 1], proof, ROOT[size]) or size == 1
            assert not includes(index ^ 1, size, HASHES[index], proof, ROOT[size])
            assert not includes(index, size, HASHES[index], proof, ROOT[size - 1])
            old = index + 1
            proof = [SUBTREES[span] for span in consistency(old, size)]
            assert extends(old, ROOT[old], size, ROOT[size], proof)
            assert not extends(old, ROOT[old - 1], size, ROOT[size], proof)
            assert not extends(old, ROOT[old], size, ROOT[size - 1], proof)
            assert not extends(old, ROOT[old], size, ROOT[size], [*proof, EMPTY_ROOT])
            assert not proof or not extends(old, ROOT[old], size, ROOT[size], proof[1:])
            assert not proof or not extends(old, ROOT[old], size, ROOT[size], proof[:-1])


def test_nothing_is_the_beginning_of_everything_and_of_nothing_else_is_nothing_the_continuation() -> None:
    assert extends(0, EMPTY_ROOT, 0, EMPTY_ROOT, ())
    assert extends(0, EMPTY_ROOT, 3, ROOT[3], ())
    assert not extends(0, EMPTY_ROOT, 3, ROOT[3], (ROOT[1],))
    assert not extends(0, ROOT[1], 3, ROOT[3], ())
    assert not extends(0, ROOT[1], 0, ROOT[1], ())
    assert not extends(0, EMPTY_ROOT, 0, ROOT[1], ())
    assert not extends(3, ROOT[3], 2, ROOT[2], ())
    assert not extends(-1, EMPTY_ROOT, 2, ROOT[2], ())
    assert not includes(0, 0, HASHES[0], (), EMPTY_ROOT)
    assert not includes(-1, 3, HASHES[0], (), ROOT[3])


def test_what_is_no_hash_proves_nothing() -> None:
    # without the lengths an inner node could be given as a leaf hash cut in two
    proof = roots(inclusion(0, 2), HASHES)

    assert not includes(0, 2, HASHES[0], (proof[0][:31],), ROOT[2])
    assert not includes(0, 1, b"", (), b"")
    assert not extends(1, b"", 1, b"", ())


def test_a_number_below_nought_is_not_taken_for_its_bits() -> None:
    """In two's complement -1 is all ones, as is the last index of eight leaves; the steps of the proofs are the same."""
    assert includes(7, 8, HASHES[7], last := roots(inclusion(7, 8), HASHES), ROOT[8])
    assert not includes(-1, 8, HASHES[7], last, ROOT[8])
    assert extends(3, ROOT[3], 4, ROOT[4], path := roots(consistency(3, 4), HASHES))
    assert not extends(-1, ROOT[3], 4, ROOT[4], path)


def test_a_tree_is_not_as_tall_as_whoever_signs_it_would_have_it() -> None:
    """A log that signs roots which are none of their sizes: longer paths lead there, and are refused all the same."""
    above = node_hash(HASHES[1], HASHES[0])

    assert not includes(0, 1, HASHES[0], (HASHES[1],), above)
    old, new = node_hash(above, ROOT[3]), node_hash(above, ROOT[4])
    assert not extends(3, old, 4, new, (*roots(consistency(3, 4), HASHES), above))


def test_for_no_proof_no_leaf_is_read() -> None:
    leaves = iter(HASHES)

    assert roots((), leaves) == ()
    assert next(leaves) == HASHES[0]


def test_a_proof_is_made_in_one_pass_over_the_leaves_that_it_needs() -> None:
    taken = 0

    def leaves() -> object:
        nonlocal taken
        for leaf in HASHES:
            taken += 1
            yield leaf

    made = roots(consistency(5, 8), leaves())  # type: ignore[arg-type]  # a generator that counts

    assert extends(5, ROOT[5], 8, ROOT[8], made)
    assert taken <= 9
    with pytest.raises(ValueError, match="no leaves for"):
        roots(consistency(5, 8), HASHES[:7])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has none at index"):
        inclusion(index, size)


@pytest.mark.parametrize(("old", "size"), [(-1, 3), (4, 3)])
def test_there_is_no_proof_from_a_log_that_is_longer(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no beginning of"):
        consistency(old, size)


def test_the_proofs_of_a_log_that_no_season_will_ever_have_fit_into_their_files() -> None:
    size = 2**61 + 1
    assert len(inclusion(1, size)) == 62
    assert len(consistency(2**60 + 1, size)) == MOST_HASHES
