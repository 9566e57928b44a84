from pathlib import Path

import pytest

from core.comparison.selection import compare_selection
from core.comparison.selection_words import selection_method, selection_sentence
from core.settings.config import TrainConfig
from tests.compared_runs import make_compared_run

TRAINING = {f"t{number}.jpg": "cat" for number in range(160)}
NUM_TEST = 40


def make_runs(
    folder: Path, wrong: dict[tuple[int, int], int], *, is_given: bool = False
) -> list[Path]:
    """Runs by batch size and seed, each with a number of wrong answers.

    Args:
        is_given: Whether all seeds have the same test images.
    """
    runs = []
    for (batch_size, seed), num_wrong in wrong.items():
        answers = {
            f"{0 if is_given else seed}-{number}.jpg": (
                "cat",
                "dog" if number < num_wrong else "cat",
            )
            for number in range(NUM_TEST)
        }
        path = folder / f"{batch_size}-{seed}"
        config = TrainConfig(batch_size=batch_size, seed=seed)
        runs.append(make_compared_run(path, answers, trained_on=TRAINING, config=config))
    return runs


BOTH = {(4, 1): 20, (32, 1): 4, (4, 2): 22, (32, 2): 5, (4, 3): 21, (32, 3): 3}


def test_ways_of_training_are_compared_over_the_seeds_they_share(tmp_path):
    found = compare_selection(make_runs(tmp_path, BOTH | {(32, 9): 40}))
    assert found.groups.accuracies == pytest.approx({"0": 19 / 40, "1": 36 / 40})
    assert [path.name for path in found.members["0"]] == ["4-1", "4-2", "4-3"]
    assert [path.name for path in found.members["1"]] == ["32-1", "32-2", "32-3", "32-9"]
    assert [each.name for each in found.settings] == ["batch_size", "seed"]
    names = {"0": "Batch size 4", "1": "Batch size 32"}
    assert selection_sentence(found, names).startswith(
        "Batch size 32 is 42.5 points more accurate on average: more than chance would give (p ="
    )
    assert "corrected resampled t-test over 3 seeds" in selection_method(found)


def test_two_runs_are_compared_picture_by_picture(tmp_path):
    found = compare_selection(make_runs(tmp_path, {(4, 1): 20, (32, 1): 4}))
    assert found.groups is None
    assert found.pairs[0].num_only_second == 16
    assert selection_sentence(found, {"0": "“4”", "1": "“32”"}) == (
        "“32” is right on 16 more of 40 pictures: more than chance would give (p < 0.001)."
    )
    assert "McNemar" in selection_method(found)


def test_several_runs_of_one_seed_are_compared_in_pairs(tmp_path):
    found = compare_selection(make_runs(tmp_path, {(4, 1): 20, (8, 1): 4, (32, 1): 5}))
    assert found.groups is None
    names = {"0": "4", "1": "8", "2": "32"}
    assert selection_sentence(found, names) == (
        "2 of 3 pairs differ by more than chance would give."
    )
    assert "Corrected for 3 comparisons" in selection_method(found)


def test_runs_of_different_seeds_have_nothing_to_compare_on(tmp_path):
    found = compare_selection(make_runs(tmp_path, {(4, 1): 20, (8, 2): 4, (32, 3): 5}))
    assert found.groups is None
    assert selection_sentence(found, {}).startswith("The trainings have too few test pictures")
    assert selection_method(found) == ""


def test_some_pairs_without_pictures_in_common_are_counted(tmp_path):
    found = compare_selection(make_runs(tmp_path, {(4, 1): 5, (8, 1): 4, (32, 3): 5}))
    assert selection_sentence(found, {}) == (
        "No two of the trainings differ by more than chance would give. 2 pairs have too few test "
        "pictures in common."
    )


def test_given_test_pictures_are_the_same_luck_for_every_seed(tmp_path):
    assert compare_selection(make_runs(tmp_path, BOTH, is_given=True)).groups is None


def test_one_way_of_training_is_compared_with_no_other(tmp_path):
    found = compare_selection(make_runs(tmp_path, {(4, seed): 20 for seed in range(3)}))
    assert found.groups is None
    assert len(found.members) == 1


def test_seeds_with_other_pictures_are_no_pairs(tmp_path):
    runs = make_runs(tmp_path, BOTH)
    other = make_compared_run(
        tmp_path / "other",
        {"other.jpg": ("cat", "cat")},
        trained_on=TRAINING,
        config=TrainConfig(batch_size=4, seed=3),
    )
    assert compare_selection([run for run in runs if run.name != "4-3"] + [other]).groups is None
