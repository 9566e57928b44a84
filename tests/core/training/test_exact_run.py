"""Whole runs whose head is fitted exactly: by the worker, from files to a model."""

from itertools import islice
from pathlib import Path

import pytest

from core.settings.config import TrainConfig
from core.training.penalty_path import STRENGTHS
from tests.measured_answers import assert_files_answer_as_measured
from tests.program import SAMPLE, Outcome, Program

pytestmark = pytest.mark.slow

MOST_EPOCHS = TrainConfig().epochs


@pytest.fixture(scope="module")
def fitted(program: Program, runs: Path) -> Outcome:
    """A run with the default settings, in the folder `exact`."""
    return program.train(SAMPLE, "--output", runs / "exact")


def test_an_exact_fit_is_the_default_and_answers_as_measured(fitted, runs):
    assert fitted.code == 0, fitted.errors
    assert fitted.last["test_accuracy"] == 1.0
    assert_files_answer_as_measured(runs / "exact", 1e-4)


def test_a_run_is_fitted_and_known_as_finished(program, fitted, runs):
    assert fitted.last["event"] == "training_finished"
    assert fitted.last["val_accuracy"] == 1.0
    epochs = fitted.of("epoch_finished")
    assert all(epoch["is_exact"] and epoch["learning_rate"] == 0 for epoch in epochs)
    assert len(STRENGTHS) <= fitted.last["epochs"] == len(epochs) < MOST_EPOCHS
    again = program.resume(runs / "exact")
    assert again.of("epoch_finished") == []
    assert "already finished" in again.of("warned")[0]["message"]
    assert again.last["best_epoch"] == fitted.last["best_epoch"]


def test_a_run_that_is_cut_off_says_so(program, tmp_path):
    outcome = program.train(
        SAMPLE, "--optimizer", "lbfgs", "--epochs", "3", "--output", tmp_path / "run"
    )
    assert outcome.last["epochs"] == 3
    assert any("cut off after 3 iterations" in each["message"] for each in outcome.of("warned"))


def test_a_stopped_run_has_a_model_and_begins_anew(program, fitted, tmp_path):
    run_dir = tmp_path / "stopped"
    with program.following("train", SAMPLE, "--output", run_dir) as call:
        for _ in islice(call.epochs(), 2):
            pass
        call.interrupt()
        stopped = call.finish()
    if stopped.last["event"] == "training_cancelled":
        assert stopped.last["model_dir"] == str(run_dir / "model")
    resumed = program.resume(run_dir)
    assert resumed.last["event"] == "training_finished"
    assert resumed.last["best_epoch"] == fitted.last["best_epoch"]
    lines = (run_dir / "history.jsonl").read_text().splitlines()
    assert len(lines) == fitted.last["epochs"]


def test_what_an_exact_fit_cannot_do_is_done_by_adam(program, tmp_path):
    outcome = program.train(
        SAMPLE,
        *("--optimizer", "lbfgs", "--epochs", "5", "--hidden-units", "8"),
        *("--output", tmp_path / "run"),
    )
    assert any("Adam trains the head" in each["message"] for each in outcome.of("warned"))
    assert not any(epoch["is_exact"] for epoch in outcome.of("epoch_finished"))
