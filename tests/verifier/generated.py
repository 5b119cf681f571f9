"""Bundles of all kinds, each a number: true ones, forged ones, spoiled ones, badly packed ones, and what is asked of each."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any, Final, Literal

import attrs

from tests.verifier.asking import Asking, asked, badly_asked
from tests.verifier.bindery import Binding, Hand, Story, log_of, named, story
from tests.verifier.forgers import forged
from tests.verifier.packing import badly_packed, laid_out, littered, packed
from tests.verifier.spoilers import Files, spoiled

Ill = Literal["forged", "thief", "left out", "shown besides", "spoiled", "badly packed", "badly asked"]
ILLS: Final[tuple[Ill, ...]] = (
    *("forged", "forged", "forged", "thief", "left out", "shown besides"),
    *("spoiled", "spoiled", "spoiled", "badly packed", "badly asked"),
)
"""What may be wrong, the more likely the more often. `thief`: a forged log, signed by somebody with a key of the same name.

`left out`: a leaf less, and nothing that speaks of it; `shown besides`: the leaves of one more unit.
"""
SEASONS: Final = 40


@attrs.frozen(kw_only=True)
class Bundle:
    """A bundle on the disk, and what is asked of it. `ills`: what is wrong with it; `true`: what has to be told if that is nothing."""

    number: int
    path: Path
    asking: dict[str, str]
    ills: tuple[Ill, ...]
    true: dict[str, Any]

    @property
    def out_of_reach(self) -> bool:
        """Whether nobody with the auditor's keys had a hand in it: then nothing may be told but what is true."""
        own = {"policy", "key"} & self.asking.keys()
        return bool(own) and not {"forged", "badly asked"} & set(self.ills)


def generated(number: int, folder: Path) -> Bundle:
    """The bundle with this number, in a folder whose last one it takes the place of."""
    chance = Random(number)
    ills: tuple[Ill, ...] = tuple(chance.choice(ILLS) for _ in range(chance.choice((0, 1, 1, 1, 1, 2))))
    told, true = _binding(chance)
    binding = _forged(chance, true) if {"forged", "thief"} & set(ills) else true
    if "thief" in ills:
        binding = attrs.evolve(binding, hand=Hand.of(binding.name, "thief"))
    if "left out" in ills:
        binding = attrs.evolve(binding, without=chance.choice((-1, -2, -3, 0, chance.randrange(100))))
    if "shown besides" in ills:
        binding = attrs.evolve(binding, besides=chance.choice(told.codes))
    try:
        files = binding.files()
    except (ValueError, KeyError, TypeError):  # nothing can be bound of what the forger left
        return generated(number + 1_000_000, folder)
    asking = asked(chance, true, told.sizes)
    if "badly asked" in ills:
        asking = badly_asked(chance, true, asking)
    for _ in range(ills.count("spoiled")):
        files = _spoiled(chance, files, true)
    path = _put(chance, folder, files, bad="badly packed" in ills)
    return Bundle(number=number, path=path, asking=_written(asking, folder), ills=ills, true=_true(told, true, asking))


def _binding(chance: Random) -> tuple[Story, Binding]:
    seed = chance.randrange(SEASONS)
    told = story(seed, (7 * seed) % 90, late=bool(seed % 3))
    name = log_of(told.pages)
    hand = Hand.of(name)
    binding = Binding(
        pages=told.pages,
        hand=hand,
        name=name,
        unit=chance.choice((None, chance.choice(told.codes))),
        since=chance.choice((None, told.sizes[0], 1, chance.randrange(1, len(told.pages)))),
        policy=chance.choice((None, hand.policy(), hand.policy("none"))),
    )
    return told, binding


def _forged(chance: Random, true: Binding) -> Binding:
    pages = forged(chance, true.pages)
    if not pages:
        return true
    name = log_of(pages) if chance.randrange(4) else true.name
    hand = Hand.of(name) if name == true.name or chance.randrange(2) else attrs.evolve(true.hand, log=Hand.of(name).log)
    since = None if true.since is None else min(true.since, len(pages))
    return attrs.evolve(true, pages=pages, name=name, hand=hand, since=since)


def _spoiled(chance: Random, files: Files, true: Binding) -> Files:
    """With the manifest made anew, as a rule."""
    others = _others(chance, true)
    made = spoiled(chance, files, others)
    if chance.randrange(4) == 0 or "manifest.json" not in made or made["manifest.json"] != files["manifest.json"]:
        return made
    about = _about(made)
    if about is None:
        return made
    if chance.randrange(4):
        about["events"] = made.get("leaves.jsonl", b"").count(b"\n")
    return named(made, about)


def _about(files: Files) -> dict[str, Any] | None:
    try:
        found = json.loads(files["manifest.json"])
        return {name: value for name, value in found.items() if name != "files"}
    except (ValueError, AttributeError):
        return None


def _others(chance: Random, true: Binding) -> Files:
    """Another bundle to take files from: of another unit, of an earlier day, or of another season."""
    _, other = _binding(chance)
    if chance.randrange(3):
        pages = true.pages if chance.randrange(2) else true.pages[: true.since or len(true.pages)]
        other = attrs.evolve(true, unit=other.unit, since=None, pages=pages)
    return other.files()


def _put(chance: Random, folder: Path, files: Files, *, bad: bool) -> Path:
    if chance.randrange(5) == 0:
        path = folder / "unpacked"
        try:
            laid_out(files, path)
        except OSError:  # a name is a file and a folder, or is too long
            laid_out({name: content for name, content in files.items() if "/" not in name}, path)
        if bad:
            littered(chance, path)
        return path
    path = folder / "bundle.zip"
    path.write_bytes((badly_packed if bad else packed)(chance, files))
    return path


def _written(asking: Asking, folder: Path) -> dict[str, str]:
    """The auditor's own files, as paths."""
    made = {} if asking.key is None else {"key": asking.key}
    for name in ("policy", "checkpoint"):
        content = getattr(asking, name)
        if content is not None:
            (folder / name).write_bytes(content)
            made[name] = str(folder / name)
    return made


def _true(told: Story, binding: Binding, asking: Asking) -> dict[str, Any]:
    checkpoint = binding.checkpoint()
    hand, signed = binding.hand, asking.policy is not None or asking.key is not None or binding.policy is not None
    names = [hand.log[0].name, *(key.name for key, _ in hand.witnesses[:2] if asking.key is None)]
    return {
        "ok": True,
        "problem": None,
        "log": binding.name,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "scope": "season" if binding.unit is None else "unit",
        "signed_by": sorted(names, key=str.encode) if signed else [],
        "units": [unit for unit in told.units if binding.unit in (None, unit["unit"])],
    }
