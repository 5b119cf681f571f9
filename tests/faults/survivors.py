"""What has to hold of a store whose writer was stopped, whatever stopped it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from engine.errors import DaihoiError
from store.desk import Desk
from store.errors import NoStore
from tests.faults.course import step, take
from tests.store.seasons import opened

_ALL = "SELECT id FROM command WHERE first_seq > (SELECT min(last_seq) FROM command) ORDER BY first_seq"


def problems(
    path: Path, answered: Mapping[int, str], *, must_stand: bool = True, not_there: frozenset[int] = frozenset()
) -> list[str]:
    """What does not hold of a store. It is opened as anybody would, by the driver of everybody, and the course goes on in it.

    `answered`: by number, the leaf hash that its command was told; `must_stand`: the opening was acknowledged; `not_there`: the commands
    of which was said that nothing of them is recorded.
    """
    try:
        desk = Desk.open(path)
    except NoStore:
        if must_stand:
            return ["the season is lost"]
        desk = opened(path).desk  # it can be opened now
    except DaihoiError as error:
        return [f"cannot be opened: {error}"]
    try:
        with desk:
            return [*_of_the_log(desk, answered, not_there), *_of_the_answers(desk, answered)]
    except DaihoiError as error:
        return [f"cannot be read: {error}"]


def recorded(desk: Desk) -> list[int]:
    """The commands of the course that are in the log, in its order."""
    return [int(id_[-12:]) for (id_,) in desk._session.store.rows(_ALL)]


def _of_the_log(desk: Desk, answered: Mapping[int, str], not_there: frozenset[int]) -> list[str]:
    found = []
    verified = desk.verify("full")
    if not verified.ok:
        found.append(f"verify: {verified.problems[:2]}")
    there = recorded(desk)
    if there != list(range(len(there))):
        found.append(f"a hole in the course: {there}")
    if len(there) not in ends(len(there)):
        found.append(f"a step was half recorded: {len(there)} commands")
    if not set(answered) <= set(there):
        found.append(f"acknowledged and lost: {sorted(set(answered) - set(there))}")
    if not_there & set(there):
        found.append(f"said not to be recorded, and is: {sorted(not_there & set(there))}")
    return found


def _of_the_answers(desk: Desk, answered: Mapping[int, str]) -> list[str]:
    """By its id every command gets its first receipt; and the course goes on."""
    for number in recorded(desk):
        again = take(desk, [number])[0]
        assert again.receipt is not None
        if not again.repeated or answered.get(number, again.receipt.leaf_hash) != again.receipt.leaf_hash:
            return [f"command {number} got another receipt"]
    new = take(desk, step(len(recorded(desk))))
    if any(one.repeated for one in new) or not desk.verify("full").ok:
        return ["the course cannot go on"]
    return []


def ends(recorded: int) -> set[int]:
    """After how many commands a step of the course ends, up to how many there are."""
    found, number = {0}, 0
    while number < recorded:
        number = step(number)[-1] + 1
        found.add(number)
    return found


def machine_stopped(path: Path, folder: Path) -> Path:
    """A store as it is found when everybody who had it open is gone at once: the log beside the file, and no shared memory."""
    folder.mkdir(exist_ok=True)
    for ending in ("", "-wal", "-journal"):
        source, target = path.with_name(path.name + ending), folder / (path.name + ending)
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copyfile(source, target)
    (folder / (path.name + "-shm")).unlink(missing_ok=True)
    return folder / path.name
