"""A training of the sample pictures that several tests look at: it takes seconds."""

from pathlib import Path

import pytest

from tests.program import SHORT, Outcome, Program


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program with one home, so that features are computed once."""
    return Program(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where run folders are made."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def trained(program: Program, runs: Path) -> Outcome:
    """The first training of all, in the folder `first`."""
    outcome = program.train(*SHORT, "--output", runs / "first")
    assert outcome.code == 0, outcome
    return outcome
