"""pytest's side of the trials: the fixture, what the tests found (from every worker), and the pages at the end of a soak."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trials import KINDS, Trial
from tests.trials.findings import Finding, write

_PROPERTY = "trial"
_FOUND = pytest.StashKey[dict[str, Finding]]()


@pytest.fixture
def trial(request: pytest.FixtureRequest) -> Iterator[Trial]:
    """The trial that a test is marked with. A test that ends well without a report has tried nothing, and fails."""
    marker = request.node.get_closest_marker("trial")
    assert marker is not None, "a test that uses the fixture `trial` is marked @pytest.mark.trial(NAME)"
    made = Trial(KINDS[marker.args[0]])
    yield made
    told = {"name": made.kind.name, "done": made.done, "wrong": made.wrong, "seen": made.seen}
    request.node.user_properties.append((_PROPERTY, told))
    assert made.done or request.session.testsfailed, f"{made.kind.name}: nothing was tried"
    assert not made.wrong, str(made)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FOUND] = {}


class Listener:
    """Hears what every worker's tests found."""

    def __init__(self, config: pytest.Config) -> None:
        self.found = config.stash[_FOUND]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "teardown":
            return
        test = report.nodeid.partition("[")[0]
        for name, told in report.user_properties:
            if name == _PROPERTY and isinstance(told, dict):
                self.found.setdefault(told["name"], Finding(KINDS[told["name"]])).add(test, told)


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.pluginmanager.register(Listener(session.config))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line a kind: how often it was tried in this run."""
    found = config.stash[_FOUND]
    if found:
        terminalreporter.section("trials")
    for name in sorted(found):
        one = found[name]
        terminalreporter.line(f"{name}: {one.done:,} trials, {one.wrong:,} wrong")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput") and session.config.getoption("write_reliability"):
        write(Path(session.config.rootpath), session.config.stash[_FOUND].values())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-reliability", action="store_true", help="write docs/reliability.md from what this run found")
