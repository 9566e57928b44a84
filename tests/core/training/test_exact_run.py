"""Whole runs whose head is fitted exactly: by the worker, from files to a model."""

from itertools import islice

import pytest

from core.training.penalty_path import STRENGTHS
from tests.program import SAMPLE

pytestmark = pytest.mark.slow

EXACT = (SAMPLE, "--optimizer", "lbfgs", "--epochs", "600")


def losses(epochs: list[dict]) -> list[tuple[int, float, float]]:
    return [(epoch["epoch"], epoch["loss"], epoch["val_loss"]) for epoch in epochs]


def test_a_run_is_fitted_and_known_as_finished(program, tmp_path):
    outcome = program.train(*EXACT, "--output", tmp_path / "run")
    assert outcome.last["event"] == "training_finished"
    assert outcome.last["val_accuracy"] == 1.0
    epochs = outcome.of("epoch_finished")
    assert all(epoch["is_exact"] and epoch["learning_rate"] == 0 for epoch in epochs)
    assert len(STRENGTHS) <= outcome.last["epochs"] == len(epochs) < 600
    again = program.resume(tmp_path / "run")
    assert again.of("epoch_finished") == []
    assert "already finished" in again.of("warned")[0]["message"]
    assert again.last["best_epoch"] == outcome.last["best_epoch"]


def test_a_run_that_is_cut_off_says_so(program, tmp_path):
    outcome = program.train(
        SAMPLE, "--optimizer", "lbfgs", "--epochs", "3", "--output", tmp_path / "run"
    )
    assert outcome.last["epochs"] == 3
    assert any("cut off after 3 iterations" in each["message"] for each in outcome.of("warned"))


def test_a_stopped_run_has_a_model_and_begins_anew(program, tmp_path):
    straight = program.train(*EXACT, "--output", tmp_path / "straight")
    run_dir = tmp_path / "stopped"
    with program.following("train", *EXACT, "--output", run_dir) as call:
        for _ in islice(call.epochs(), 2):
            pass
        call.interrupt()
        stopped = call.finish()
    if stopped.last["event"] == "training_cancelled":
        assert stopped.last["model_dir"] == str(run_dir / "model")
    resumed = program.resume(run_dir)
    assert resumed.last["event"] == "training_finished"
    assert resumed.last["best_epoch"] == straight.last["best_epoch"]
    lines = (run_dir / "history.jsonl").read_text().splitlines()
    assert len(lines) == straight.last["epochs"]


def test_what_an_exact_fit_cannot_do_is_done_by_adam(program, tmp_path):
    outcome = program.train(
        SAMPLE,
        *("--optimizer", "lbfgs", "--epochs", "5", "--hidden-units", "8"),
        *("--output", tmp_path / "run"),
    )
    assert any("Adam trains the head" in each["message"] for each in outcome.of("warned"))
    assert not any(epoch["is_exact"] for epoch in outcome.of("epoch_finished"))
