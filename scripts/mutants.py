"""Mutants: does a test notice when the rule is wrong?

Each mutant is one small change of a module (cosmic-ray's operators). The tests named for the module run against it in a copy of the
repository; a mutant that no test notices has survived. Every survivor is either killed by a better test or stands in
``tests/mutants/reviewed.toml`` with the reason why it may live. Outcomes are kept in ``.mutants/`` by the text of module and mutant, so
that a run stopped by its time limit goes on where it was.

    python scripts/mutants.py [--minutes N] [--workers N] [--fresh] [--quick] [MODULE ...]

Exits with 1 when a mutant survived that nobody has reviewed.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import difflib
import json
import os
import py_compile
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from queue import Queue

import attrs
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".mutants"
REVIEWED = ROOT / "tests" / "mutants" / "reviewed.toml"

# What is promised, the modules that keep it, and the tests that hold them to it: those first that notice soonest, and before them those
# that bear the module's name.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "decide": (
        ("engine/decide.py", "engine/decisions/*.py"),
        ("tests/mutants/test_decisions.py", "tests/engine", "tests/procedures"),
    ),
    "guards": (
        ("engine/guards/evaluate.py", "engine/guards/compiled.py", "engine/guards/operators.py"),
        ("tests/guards/test_three_values.py", "tests/guards"),
    ),
    "write": (
        ("store/writing.py", "store/commands.py", "store/conflicts.py", "store/head.py"),
        tuple(
            f"tests/store/test_{name}.py"
            for name in (
                "write_path",
                "repeated",
                "opening",
                "projections",
                "conflicts",
                "clock",
                "doubtful_commits",
                "statements",
            )
        ),
    ),
    "proofs": (
        ("engine/merkle.py", "engine/heads.py", "engine/check_code.py", "engine/tlog/*.py"),
        (
            *(f"tests/tlog/test_{name}.py" for name in ("checkpoints", "notes", "policies")),
            *(f"tests/engine/test_{name}.py" for name in ("merkle", "heads", "check_code")),
            "tests/tlog",
        ),
    ),
    "audit": (
        tuple(
            f"store/audit/{name}.py"
            for name in ("checkpoint", "comparing", "keys", "papers", "parting", "proving", "trust", "witness")
        ),
        (
            *(f"tests/audit/test_{name}.py" for name in ("audits", "checkpoints", "witness", "keys", "papers", "receipts")),
            "tests/audit",
        ),
    ),
    "verify": (
        ("store/verify.py", "store/checks/*.py"),
        (
            "tests/mutants/test_verification.py",
            "tests/store/test_verifying.py",
            "tests/store/test_views.py",
            "tests/store/test_usual_leaves.py",
            "tests/audit/test_checkpoints.py",
        ),
    ),
}

TARGETS: dict[str, tuple[str, ...]] = {
    path.relative_to(ROOT).as_posix(): tuple(sorted(tests, key=lambda test: path.stem not in test))
    for patterns, tests in GROUPS.values()
    for pattern in patterns
    for path in sorted(ROOT.glob(pattern))
}

# Most mutants fall to these, and one that never ends is not waited for as long as all of the tests may take.
QUICK: tuple[str, ...] = ("-m", "not slow and not trial and not oracle", "--timeout", "30")

# One or two changes for each construct: the others of cosmic-ray's two hundred fail for the same reason or cannot be told apart.
OPERATORS: tuple[str, ...] = (
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "NumberReplacer",
    "RemoveDecorator",
    "ZeroIterationForLoop",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_Lt_GtE",
    "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_LtE_Gt",
    "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_Gt_LtE",
    "ReplaceComparisonOperator_GtE_Gt",
    "ReplaceComparisonOperator_GtE_Lt",
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBinaryOperator_Mul_Add",
    "ReplaceBinaryOperator_FloorDiv_Mul",
    "ReplaceBinaryOperator_Mod_FloorDiv",
    "ReplaceBinaryOperator_BitOr_BitAnd",
    "ReplaceBinaryOperator_BitAnd_BitOr",
    "ReplaceBinaryOperator_RShift_LShift",
)


@attrs.frozen
class Mutant:
    """One change: the line as it was and as it became. Its identity does not depend on where in the module the line stands."""

    module: str
    operator: str
    was: str
    became: str
    number: int
    source: str = attrs.field(repr=False, eq=False)

    @property
    def label(self) -> str:
        return f"{self.module}:{self.number} {self.operator}\n    - {self.was}\n    + {self.became}"

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.was, self.became

    @property
    def digest(self) -> str:
        return sha256(self.source.encode()).hexdigest()


def mutants_of(module: str) -> Iterator[Mutant]:
    """Every mutant of a module that runs differently, told apart by its text."""
    original = (ROOT / module).read_text(encoding="utf-8")
    tree = get_ast(original)
    meaning, seen = _meaning(original), {original}
    for name in OPERATORS:
        operator = get_operator(f"core/{name}")()
        occurrences = sum(1 for node in ast_nodes(tree) for _ in operator.mutation_positions(node))
        for occurrence in range(occurrences):
            source = mutate_code(original, operator, occurrence)
            if source is None or source in seen:
                continue
            seen.add(source)
            if _meaning(source) not in (None, meaning):
                yield Mutant(module, name, *_difference(original, source), source)


def _meaning(source: str) -> str | None:
    """What of a module matters to anybody: neither annotations do nor `kw_only`. None when it is not Python at all."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.keyword) and node.arg == "kw_only":
            node.value = ast.Constant(None)
    return ast.dump(tree)


def _difference(original: str, source: str) -> tuple[str, str, int]:
    """The changed line as it was and as it became, and its number."""
    before, after = original.splitlines(), source.splitlines()
    for tag, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            was, became = (" ".join(line.strip() for line in lines) for lines in (before[first:last], after[start:end]))
            return was, became, first + 1
    raise AssertionError("a mutant that changes nothing was asked for its difference")


@attrs.frozen
class Copy:
    """A copy of the repository that may be broken. `stages`: which of a module's tests are asked, one selection after the other."""

    folder: Path
    stages: tuple[Sequence[str], ...]

    @classmethod
    def make(cls, folder: Path, stages: tuple[Sequence[str], ...]) -> Copy:
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        copy = cls(folder, stages)
        copy._compile()
        return copy

    def _compile(self) -> None:
        """Half of a short run is compiling. By their hashes, for a mutant may be as old and as long as what it replaces."""
        compileall.compile_dir(self.folder, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
        collect = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist", "tests"]  # writes the tests' own
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": ""}
        subprocess.run(collect, cwd=self.folder, env=environment, stdout=subprocess.DEVNULL, check=True)

    def survives(self, mutant: Mutant, limit: float) -> bool:
        """Whether the tests pass in spite of the mutant. One that runs into the limit has been noticed."""
        place = self.folder / mutant.module
        original = place.read_bytes()
        place.write_text(mutant.source, encoding="utf-8")
        try:
            tests = TARGETS[mutant.module]
            return all(self.passes(tests, limit, which) for which in self.stages)
        finally:
            place.write_bytes(original)

    def passes(self, tests: Sequence[str], limit: float, which: Sequence[str] = ()) -> bool:
        # --ff: what noticed the last mutant stands a good chance with the next one, which changes a line near it
        quiet = ("-x", "-q", "--no-header", "--ff", "-p", "no:xdist")
        # what a server adds to a store's tests is not in these modules, and each mutant would start one
        command = [sys.executable, "-m", "pytest", *quiet, "-k", "not postgresql", *which, *tests]
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as running:
            try:
                return running.wait(limit) in (0, pytest.ExitCode.NO_TESTS_COLLECTED)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)  # its own session: the tests' children too
                return False


class Outcomes:
    """What earlier runs found, by the text of the mutant: a killed one stays killed while its module stands as it is."""

    def __init__(self, module: str, *, fresh: bool) -> None:
        self._file = KEPT / f"{module.replace('/', '.')}.json"
        self._survived: dict[str, bool] = {}
        if self._file.exists() and not fresh:
            self._survived = json.loads(self._file.read_text(encoding="utf-8"))

    def killed(self, mutant: Mutant) -> bool:
        return self._survived.get(mutant.digest) is False

    def keep(self, mutant: Mutant, *, survived: bool) -> None:
        KEPT.mkdir(exist_ok=True)
        self._survived[mutant.digest] = survived
        self._file.write_text(json.dumps(self._survived), encoding="utf-8")


def reviewed() -> dict[tuple[str, str, str], str]:
    """The survivors that somebody has looked at, with the reason why each may live."""
    if not REVIEWED.exists():
        return {}
    listed = tomllib.loads(REVIEWED.read_text(encoding="utf-8")).get("survivor", [])
    return {(s["module"], s["was"], s["became"]): s["reason"] for s in listed}


def patience(module: str, copies: Queue[Copy], known: dict[frozenset[str], float]) -> float:
    """The seconds after which a module's tests are no longer waited for. `known`: those of the tests that were measured before."""
    tests = frozenset(TARGETS[module])
    if tests not in known:
        copy, started = copies.get(), time.monotonic()
        if not copy.passes(TARGETS[module], 1800, copy.stages[-1]):
            raise SystemExit(f"{module}: its tests {TARGETS[module]} fail without any mutant")
        known[tests] = 3 * (time.monotonic() - started) + 10
        copies.put(copy)
    return known[tests]


def hunt(
    module: str, copies: Queue[Copy], workers: int, until: float, known: dict[frozenset[str], float], *, fresh: bool
) -> tuple[list[Mutant], int]:
    """The survivors of one module that nobody has reviewed, and how many mutants the time did not suffice for."""
    allowed, outcomes = reviewed(), Outcomes(module, fresh=fresh)
    every = list(mutants_of(module))
    waiting = [m for m in every if m.key not in allowed and not outcomes.killed(m)]
    print(f"{module}: {len(every)} mutants, {len(every) - len(waiting)} known as killed or reviewed", flush=True)
    limit = patience(module, copies, known) if waiting else 0

    def judge(mutant: Mutant) -> bool | None:
        if time.monotonic() > until:
            return None
        copy = copies.get()
        try:
            survived = copy.survives(mutant, limit)
        finally:
            copies.put(copy)
        print("S" if survived else ".", end="", flush=True)
        return survived

    survivors, undecided = [], 0
    with ThreadPoolExecutor(workers) as pool:
        for mutant, survived in zip(waiting, pool.map(judge, waiting), strict=True):
            if survived is None:
                undecided += 1
                continue
            outcomes.keep(mutant, survived=survived)
            if survived:
                survivors.append(mutant)
    print()
    _tell_forgotten(module, every, allowed)
    return survivors, undecided


def _tell_forgotten(module: str, every: Iterable[Mutant], allowed: Iterable[tuple[str, str, str]]) -> None:
    keys = {m.key for m in every}
    for key in allowed:
        if key[0] == module and key not in keys:
            print(f"no longer a mutant, take it off the reviewed list: {key}")


def named(name: str) -> list[str]:
    """The modules that a word of the command line means."""
    if name in TARGETS:
        return [name]
    patterns, _ = GROUPS[name]
    return [path.relative_to(ROOT).as_posix() for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help=f"a module, or one of {', '.join(GROUPS)}; default: all of them"
    )
    parser.add_argument("--minutes", type=float, default=600, help="stop in time; what is undecided is said")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs found")
    parser.add_argument(
        "--quick", action="store_true", help="ask the quick tests alone: the slow ones may kill what they let live"
    )
    wanted = parser.parse_args()
    try:
        modules = [module for name in wanted.modules or GROUPS for module in named(name)]
    except KeyError as error:
        parser.error(f"{error.args[0]} is none of {', '.join((*GROUPS, *TARGETS))}")
    until = time.monotonic() + 60 * wanted.minutes
    survivors: list[Mutant] = []
    undecided = 0
    with tempfile.TemporaryDirectory() as folder:
        copies: Queue[Copy] = Queue()
        for number in range(wanted.workers):
            copies.put(Copy.make(Path(folder, str(number), ROOT.name), (QUICK,) if wanted.quick else (QUICK, ())))
        known: dict[frozenset[str], float] = {}
        for module in modules:
            found, left = hunt(module, copies, wanted.workers, until, known, fresh=wanted.fresh)
            survivors += found
            undecided += left
    for mutant in survivors:
        print(f"survived: {mutant.label}")
    print(f"{len(survivors)} survivors that nobody has reviewed, {undecided} mutants undecided")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
