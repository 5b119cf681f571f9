"""What an auditor brings to a bundle: a policy or a key of their own, the checkpoint of last time; well chosen, or not."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import attrs

from engine.tlog.checkpoints import Checkpoint
from tests.verifier.bindery import Binding, Hand
from tests.verifier.policies import policy_variant
from tests.verifier.spoilers import Files, checkpoint, signatures


@attrs.frozen(kw_only=True)
class Asking:
    """The contents of the auditor's own files."""

    policy: bytes | None = None
    key: str | None = None
    checkpoint: bytes | None = None


def asked(chance: Random, binding: Binding, sizes: tuple[int, ...]) -> Asking:
    """As an auditor asks who has what the office gave: all of it holds for a true bundle."""
    hand = binding.hand
    choices: list[Mapping[str, bytes | str]] = [
        {},
        {"policy": hand.policy()},
        {"policy": hand.policy()},
        {"policy": hand.policy("none")},
        {"key": str(hand.log[0])},
    ]
    earlier: bytes | None = None
    if chance.randrange(3) == 0 and (binding.unit is None or binding.since is not None):
        size = chance.choice((*sizes, *((1, 3, len(binding.pages) - 1) if binding.unit is None else (binding.since or 1,))))
        if binding.unit is None or size in (binding.since, len(binding.pages)):
            earlier = hand.signed(binding.checkpoint(size), 1).note.to_bytes()
    return Asking(checkpoint=earlier, **chance.choice(choices))  # type: ignore[arg-type]


def badly_asked(chance: Random, binding: Binding, asking: Asking) -> Asking:
    """Something else is asked: what does not fit the bundle, or is no policy, key or checkpoint at all."""
    hand = binding.hand
    vkey = str(hand.log[0])
    match chance.randrange(6):
        case 0 | 1:
            return attrs.evolve(asking, key=None, policy=policy_variant(chance, asking.policy or hand.policy()))
        case 2:
            thief = Hand.of(binding.name, "thief")
            other = Hand.of("daihoi/other/live/00")
            return attrs.evolve(asking, key=None, policy=chance.choice((thief, other)).policy(chance.choice(("none", "two"))))
        case 3:
            bent = (
                vkey[:-1],
                "",
                "x",
                vkey.replace("+", " ", 1),
                str(hand.witnesses[0][0]),
                str(Hand.of("other").log[0]),
                vkey + "\n",
                vkey,
            )
            return attrs.evolve(asking, key=chance.choice(bent), policy=asking.policy if chance.randrange(4) == 0 else None)
        case _:
            return attrs.evolve(asking, checkpoint=_other_checkpoint(chance, binding))


def _other_checkpoint(chance: Random, binding: Binding) -> bytes:
    size = chance.choice((0, 1, binding.since or 2, len(binding.pages) - 1, len(binding.pages), len(binding.pages)))
    true = binding.checkpoint(size)
    made = chance.choice(
        [
            true,
            Checkpoint(true.origin, size, bytes(32)),
            Checkpoint(true.origin + "x", size, true.root),
            Checkpoint(true.origin, len(binding.pages) + 1, true.root),
            Checkpoint(true.origin, 10**30, true.root),
        ]
    )
    content = binding.hand.signed(made, 0).note.to_bytes()
    files: Files = {"checkpoint": content}
    if chance.randrange(3) == 0:
        chance.choice((checkpoint, signatures))(chance, files, {})
    return files["checkpoint"]
