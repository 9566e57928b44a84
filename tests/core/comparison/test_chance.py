import numpy as np
import pytest
import scipy.stats

from core.comparison.chance import corrected_resampled_test, holm_corrected, mcnemar_p_value


@pytest.mark.parametrize(
    ("first", "second"), [(0, 0), (5, 0), (6, 0), (3, 3), (10, 22), (400, 470), (9_000, 9_400)]
)
def test_mcnemars_test_is_the_exact_binomial_one(first, second):
    total = first + second
    expected = scipy.stats.binomtest(first, total).pvalue if total else 1.0
    assert mcnemar_p_value(first, second) == pytest.approx(expected)
    assert mcnemar_p_value(second, first) == mcnemar_p_value(first, second)


def test_nadeau_and_bengios_test_is_students_with_another_variance():
    differences = [0.03, 0.01, 0.02, -0.01, 0.04]
    found = corrected_resampled_test(differences, num_train=800, num_test=100)
    error = np.std(differences, ddof=1) * np.sqrt(1 / 5 + 1 / 8)
    student = scipy.stats.t(4)
    assert found.mean == pytest.approx(0.018)
    assert found.p_value == pytest.approx(2 * student.sf(0.018 / error))
    half = student.ppf(0.975) * error
    assert found.interval == pytest.approx((0.018 - half, 0.018 + half))


def test_overlapping_splits_make_the_interval_wider():
    differences = [0.03, 0.01, 0.02, -0.01, 0.04]
    few = corrected_resampled_test(differences, num_train=800, num_test=100).interval
    many = corrected_resampled_test(differences, num_train=800, num_test=400).interval
    assert many[0] < few[0] < few[1] < many[1]


def test_equal_differences_of_one_image_are_not_beyond_doubt():
    found = corrected_resampled_test([0.025] * 3, num_train=320, num_test=40)
    assert found.p_value > 0.1
    assert found.interval[0] < 0


def test_equal_accuracies_of_few_images_leave_room_for_a_difference():
    few = corrected_resampled_test([0.0] * 4, num_train=320, num_test=40)
    many = corrected_resampled_test([0.0] * 4, num_train=32_000, num_test=4_000)
    assert (few.mean, few.p_value) == (0.0, 1.0)
    assert few.interval[0] < many.interval[0] < 0 < many.interval[1] < few.interval[1]


@pytest.mark.parametrize("differences", [[], [0.1]])
def test_one_pair_is_no_test(differences):
    with pytest.raises(ValueError, match="two differences"):
        corrected_resampled_test(differences, num_train=80, num_test=10)


@pytest.mark.parametrize(
    ("p_values", "expected"),
    [
        ([], []),
        ([0.03], [0.03]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.9, 0.01], [1.0, 1.0, 0.03]),
    ],
)
def test_holms_correction(p_values, expected):
    assert holm_corrected(p_values) == pytest.approx(expected)
