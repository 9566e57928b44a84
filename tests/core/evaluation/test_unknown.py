import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evaluation.unknown import KEPT_FRACTION, learn_unknown_threshold


def threshold(confidences, is_correct=None):
    values = np.array(confidences, np.float64)
    correct = np.ones(len(values), bool) if is_correct is None else np.array(is_correct)
    return learn_unknown_threshold(values, correct)


def test_one_in_twenty_of_the_right_answers_is_below():
    confidences = np.arange(1, 100) / 100  # 99 of them: the fifth of hundred places
    assert threshold(confidences) == 0.05
    assert (confidences >= 0.05).mean() >= KEPT_FRACTION


def test_wrong_answers_have_no_say():
    right, wrong = [0.8] * 50, [0.1] * 50
    assert threshold(right + wrong, [True] * 50 + [False] * 50) == 0.8


@pytest.mark.parametrize("count", [0, 1, 19])
def test_from_few_images_nothing_is_learned(count):
    assert threshold([0.9] * count) == 0


@given(st.lists(st.floats(0, 1), min_size=20, max_size=300))
def test_at_least_the_fraction_is_kept_whatever_the_answers(confidences):
    learned = threshold(confidences)
    assert 0 <= learned <= 1
    assert np.mean(np.array(confidences) >= learned) >= KEPT_FRACTION


def test_new_images_are_kept_as_often_as_those_learned_on():
    numbers = np.random.default_rng(3)
    kept = [
        np.mean(numbers.beta(5, 2, 400) >= threshold(numbers.beta(5, 2, 40))) for _ in range(400)
    ]
    # 39 of 41 in the long run.
    assert np.mean(kept) == pytest.approx(39 / 41, abs=0.006)
