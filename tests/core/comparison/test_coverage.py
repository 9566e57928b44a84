"""Intervals hold the truth as often as they say; `make bench ONLY=comparison` draws more."""

import pytest

from tests.coverage_cases import (
    PROBLEMS,
    ModelsCase,
    equal_ways,
    learning_curves,
    two_models,
    two_ways,
)

NUM_DRAWS = 200
LEAST = 0.93
# The steepest and the flattest.
CHOSEN = (PROBLEMS[0], PROBLEMS[-1])


@pytest.fixture(scope="module")
def models() -> list[ModelsCase]:
    """As many draws as the benchmark has: they take no time."""
    return list(two_models(2_000))


def test_intervals_of_two_models_hold_the_truth(models):
    for case in models:
        assert case.coverage["Agresti and Min"] >= LEAST, case


def test_mcnemars_test_finds_a_difference_where_there_is_none_in_few_draws(models):
    equal = [case for case in models if case.difference == 0]
    assert len(equal) >= 3
    for case in equal:
        assert case.num_significant <= 0.05, case


def test_mcnemars_test_finds_differences(models):
    assert max(case.num_significant for case in models) > 0.9


def test_intervals_of_two_ways_of_training_hold_the_truth():
    for case in two_ways(NUM_DRAWS, CHOSEN):
        assert case.coverage >= LEAST, case


def test_equal_ways_of_training_seldom_differ_by_more_than_chance():
    for case in equal_ways(NUM_DRAWS, CHOSEN):
        assert case.num_wrong <= 0.05, case


def test_intervals_of_the_learning_curve_hold_the_truth():
    for case in learning_curves(NUM_DRAWS, CHOSEN):
        assert case.gain_coverage >= LEAST, case
        assert case.accuracy_coverage >= LEAST, case
