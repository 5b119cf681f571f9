"""A clerk in a process of its own, who works through the course and says each answer before the next command.

    python -m tests.faults.clerk STORE COMMANDS

One line for each command: its number, the hash of its leaf, and whether it was repeated. A failure is told as its code and whether it says
that nothing was recorded; then the clerk tries once more, and gives up.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.errors import DaihoiError
from store.desk import Desk
from tests.faults.course import step, take


def main(store: str, commands: str) -> None:
    number, failures = 0, 0
    try:
        with Desk.open(Path(store)) as desk:
            while number < int(commands):
                try:
                    answers = take(desk, step(number))
                except DaihoiError as error:
                    tell(error)
                    failures += 1
                    if failures > 1:
                        return
                    continue
                for one, accepted in zip(step(number), answers, strict=True):
                    assert accepted.receipt is not None
                    sys.stdout.write(f"{one} {accepted.receipt.leaf_hash} {int(accepted.repeated)}\n")
                number = step(number)[-1] + 1
                sys.stdout.flush()
    except DaihoiError as error:
        tell(error)


def tell(error: DaihoiError) -> None:
    denied = getattr(error, "recorded", False) is False
    sys.stdout.write(f"! {error.code} {int(denied)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
