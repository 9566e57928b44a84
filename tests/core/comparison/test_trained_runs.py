"""Runs as trainings leave them."""

from pathlib import Path

import pytest

from core.comparison.run_comparison import compare_runs
from core.runs.run_results import load_run_results
from tests.program import SHORT, Program


@pytest.mark.slow
def test_two_trainings_on_the_same_split_are_compared_on_all_of_it(tmp_path):
    program = Program(tmp_path / "home")
    runs = []
    for batch_size in ("4", "32"):
        run = tmp_path / batch_size
        options = ("--test-split", "0.3", "--batch-size", batch_size, "--output", run)
        assert program.train(*SHORT, *options).code == 0
        runs.append(run)
    found = compare_runs(*runs)
    accuracies = [_test_accuracy(run) for run in runs]
    assert found.are_known_by_content
    assert found.num_tested == (found.num_images, found.num_images)
    assert found.num_images >= 10
    assert [found.first_accuracy, found.second_accuracy] == pytest.approx(accuracies)
    assert [each.name for each in found.settings] == ["batch_size"]


def _test_accuracy(run: Path) -> float:
    results = load_run_results(run)
    return results.splits[results.best_split].evaluation.accuracy
