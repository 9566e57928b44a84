"""What an experiment shows is said with its uncertainty."""

from dataclasses import replace
from pathlib import Path

import pytest
from scipy.stats import t

from core.data.dataset import ImageSource
from core.experiments.conclusion import conclusion, mean_interval
from core.experiments.experiment import Experiment, RunState, State, make_experiment
from core.experiments.tries import parse_try
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig


def made(accuracies: dict[str, list[float]], name: str = "batch-size") -> Experiment:
    """A finished experiment with these test accuracies, by value."""
    experiment = make_experiment(
        name="e",
        sources=[ImageSource(Path("p"))],
        config=TrainConfig(optimizer=Optimizer.ADAM),
        tries=[parse_try(f"{name}={','.join(accuracies)}")],
        num_seeds=max(map(len, accuracies.values())),
    )
    by_value = list(accuracies.values())
    runs = [
        replace(
            run,
            state=RunState.FINISHED,
            val_accuracy=0.1,
            test_accuracy=by_value[number % len(by_value)][run.seed],
            seconds=2.0 + run.seed,
            num_training=700,
            num_validation=100,
            num_test=200,
            test_key=f"images of seed {run.seed}",
        )
        for number, run in enumerate(experiment.runs)
    ]
    return replace(experiment, runs=runs, state=State.FINISHED)


def test_groups_have_mean_interval_and_time():
    found = conclusion(made({"4": [0.8, 0.9, 1.0], "32": [0.5, 0.5, 0.5]}))
    first = found.groups[0]
    assert found.is_test
    assert first.settings == {"batch_size": 4}
    assert first.mean == pytest.approx(0.9)
    half = t.ppf(0.975, 2) * 0.1 * (1 / 3 + 200 / 700) ** 0.5  # Nadeau and Bengio's
    assert first.interval == (pytest.approx(0.9 - half), 1.0), "no accuracy is above 1"
    assert first.seconds == 3.0


def test_one_value_has_no_interval():
    assert mean_interval([0.5], num_train=700, num_test=200) is None


def test_equal_accuracies_have_the_interval_of_counting_mistakes():
    low, high = mean_interval([0.9, 0.9, 0.9], num_train=700, num_test=200)
    assert high - 0.9 == pytest.approx(0.9 - low)
    assert high - 0.9 > 1.96 * (0.09 / 600) ** 0.5


def test_given_test_pictures_make_no_interval_over_seeds():
    experiment = made({"4": [0.8, 0.81, 0.8], "32": [0.91, 0.92, 0.92]})
    runs = [replace(run, test_key="the same") for run in experiment.runs]
    found = conclusion(replace(experiment, runs=runs))
    assert {group.interval for group in found.groups} == {None}
    assert found.sentence.startswith("All runs have the same given test pictures")


@pytest.mark.parametrize(
    ("accuracies", "sentence"),
    [
        (
            {"4": [0.90, 0.92, 0.91], "32": [0.91, 0.91, 0.92]},
            "Batch size 32 is 0.3 points more accurate on average: no more than chance would give",
        ),
        (
            {"4": [0.80, 0.81, 0.80], "32": [0.91, 0.92, 0.92]},
            "Batch size 32 is 11.3 points more accurate on average: more than chance would give",
        ),
        (
            {"4": [0.6, 0.61, 0.6], "8": [0.91, 0.93, 0.91], "32": [0.91, 0.92, 0.92]},
            "Batch size: 8 is highest, with 91.7% on average: better than 4 by more than chance "
            "would give, but not than 32.",
        ),
        (
            {"4": [0.90, 0.92, 0.91], "8": [0.92, 0.9, 0.91], "32": [0.91, 0.91, 0.92]},
            "Batch size: 4, 8 and 32 differ by no more than chance would give.",
        ),
        ({"4": [0.9], "32": [0.1]}, "One run of each says nothing about chance"),
        ({"4": [0.9, 0.8]}, ""),
    ],
)
def test_the_sentence_says_what_is_more_than_chance(accuracies, sentence):
    found = conclusion(made(accuracies))
    assert found.sentence.startswith(sentence)
    assert bool(found.sentence) == bool(sentence)


def test_the_method_is_named_with_its_correction():
    accuracies = {"4": [0.80, 0.81, 0.80], "8": [0.9, 0.9, 0.9], "32": [0.91, 0.92, 0.92]}
    method = conclusion(made(accuracies)).method
    assert "Nadeau and Bengio" in method
    assert "over 3 seeds" in method
    assert "for 3 comparisons by Holm's method" in method


def test_a_difference_of_a_point_over_splits_that_overlap_is_no_more_than_chance():
    """A plain paired t-test, which takes the seeds for independent, has p = 0.02 here."""
    found = conclusion(made({"4": [0.90, 0.91, 0.92], "32": [0.912, 0.925, 0.929]}))
    assert "no more than chance" in found.sentence


def test_modes_and_backbones_are_named_by_their_values():
    found = conclusion(made({"off": [0.8, 0.8, 0.8], "on": [0.9, 0.9, 0.9]}, "fine-tune"))
    assert found.sentence.startswith("Fine-tuned is 10.0 points more accurate")


def test_seeds_that_follow_are_waited_for():
    experiment = made({"4": [0.9, 0.8], "32": [0.9, 0.8]})
    runs = [
        replace(run, state=RunState.FINISHED if run.seed == 0 else RunState.PENDING)
        for run in experiment.runs
    ]
    assert conclusion(replace(experiment, runs=runs, state=State.UNFINISHED)).sentence == ""


def with_training(experiment: Experiment, counts: dict[int, int]) -> Experiment:
    """With these numbers of training images, by images of a class."""
    runs = [
        replace(run, num_training=counts[run.settings["images_per_class"]])
        for run in experiment.runs
    ]
    return replace(experiment, runs=runs)


COUNTS = {5: 15, 10: 30, 20: 60, 50: 150, 100: 300, 0: 420}


def test_a_learning_curve_says_what_twice_as_many_pictures_would_bring():
    def accuracies(n):
        return [1 - 0.03 - 0.6 * n**-0.5 + (0.002, -0.003, 0.001)[seed] for seed in range(3)]

    values = {str(size): accuracies(n) for size, n in COUNTS.items()}
    found = conclusion(with_training(made(values, "images-per-class"), COUNTS))
    assert found.curve is not None
    assert found.curve.num_images == 420
    assert found.curve.accuracy_at(60).value == pytest.approx(1 - 0.03 - 0.6 * 60**-0.5, abs=0.01)
    assert found.sentence.startswith("Twice as many pictures would bring about +")
    assert [group.num_training for group in found.groups] == list(COUNTS.values())


def test_few_training_pictures_dont_make_splits_overlap_less():
    values = {str(size): [0.8, 0.81, 0.82] for size in COUNTS}
    found = conclusion(with_training(made(values, "images-per-class"), COUNTS))
    assert len({group.interval for group in found.groups}) == 1


def test_a_learning_curve_of_two_points_is_none():
    found = conclusion(
        with_training(made({"5": [0.6, 0.7], "0": [0.8, 0.9]}, "images-per-class"), COUNTS)
    )
    assert found.curve is None
    assert found.sentence.startswith("Too few points")


def test_runs_that_are_not_over_are_left_out():
    experiment = made({"4": [0.9, 0.8], "32": [0.9, 0.8]})
    runs = [replace(experiment.runs[0], state=RunState.FAILED), *experiment.runs[1:]]
    group = conclusion(replace(experiment, runs=runs)).groups[0]
    assert group.accuracies == {1: 0.8}
    assert group.num_failed == 1


def test_without_a_test_split_validation_counts():
    experiment = made({"4": [0.9, 0.8], "32": [0.9, 0.8]})
    runs = [replace(run, test_accuracy=None) for run in experiment.runs]
    found = conclusion(replace(experiment, runs=runs))
    assert not found.is_test
    assert found.groups[0].mean == pytest.approx(0.1)


def test_nothing_is_said_of_an_experiment_that_has_just_begun():
    experiment = made({"4": [0.9, 0.8], "32": [0.9, 0.8]})
    runs = [replace(run, state=RunState.PENDING) for run in experiment.runs]
    assert conclusion(replace(experiment, runs=runs)).sentence == ""
