import pytest

from core.comparison.chance import corrected_resampled_test
from core.comparison.group_comparison import compare_groups, compare_many_groups
from core.comparison.group_words import group_method_sentences, group_sentence, groups_sentence

LOW = [0.80, 0.81, 0.79, 0.80, 0.82]
HIGH = [0.90, 0.92, 0.90, 0.89, 0.92]


def test_groups_are_compared_seed_by_seed():
    found = compare_groups(HIGH, LOW, num_train=800, num_test=100, first="4", second="32")
    test = corrected_resampled_test(
        [high - low for high, low in zip(HIGH, LOW, strict=True)], num_train=800, num_test=100
    )
    assert (found.interval, found.p_value) == (test.interval, test.p_value)
    assert found.difference == pytest.approx(0.102)
    assert group_sentence(found).startswith("4 is 10.2 points more accurate on average: more than")
    assert "over 5 seeds" in group_method_sentences([found])
    assert "+10.2 points (95% interval: +" in group_method_sentences([found])


def test_the_better_one_is_named_whichever_comes_first():
    found = compare_groups(LOW, HIGH, num_train=800, num_test=100)
    assert group_sentence(found).startswith("The second is 10.2 points more accurate")


def test_a_difference_within_chance_is_said_to_be_that():
    found = compare_groups(LOW, LOW[::-1], num_train=800, num_test=100, first="4", second="32")
    assert found.p_value == 1.0
    assert group_sentence(found) == "Both are equally accurate on average."
    found = compare_groups(LOW, [0.81, *LOW[:4]], num_train=800, num_test=100)
    assert "no more than chance would give" in group_sentence(found)


def test_other_seeds_are_no_pairs():
    with pytest.raises(ValueError, match="argument 2"):
        compare_groups(LOW, HIGH[:4], num_train=800, num_test=100)


def test_all_pairs_count_for_the_correction():
    found = compare_many_groups({"4": LOW, "8": HIGH, "32": LOW[::-1]}, num_train=800, num_test=100)
    assert [(pair.first, pair.second) for pair in found.pairs] == [
        ("4", "8"),
        ("4", "32"),
        ("8", "32"),
    ]
    assert all(pair.num_corrected == 3 for pair in found.pairs)
    alone = compare_groups(LOW, HIGH, num_train=800, num_test=100).p_value
    assert found.pairs[0].p_value >= 2 * alone
    assert "Corrected for 3 comparisons" in group_method_sentences(found.pairs)


NEAR = [0.89, 0.92, 0.91, 0.88, 0.91]


@pytest.mark.parametrize(
    ("accuracies", "sentence"),
    [
        ({"4": LOW, "32": LOW[::-1]}, "4 and 32 differ by no more than chance would give."),
        (
            {"4": LOW, "8": LOW, "32": HIGH},
            "32 is best, with 90.6% on average: better than 4 and 8 by more than chance would "
            "give.",
        ),
        (
            {"4": LOW, "8": NEAR, "32": HIGH},
            "32 is highest, with 90.6% on average: better than 4 by more than chance would give, "
            "but not than 8.",
        ),
    ],
)
def test_which_is_best_is_said_in_a_sentence(accuracies, sentence):
    found = compare_many_groups(accuracies, num_train=800, num_test=100)
    assert groups_sentence(found) == sentence


def test_a_best_that_varies_is_better_than_none_by_more_than_chance():
    wild = [0.99, 0.70, 1.0, 0.99, 0.98]
    found = compare_many_groups(
        {"4": LOW, "8": [each - 0.06 for each in LOW], "32": wild}, num_train=800, num_test=100
    )
    assert groups_sentence(found).startswith("32 is highest, with 93.2% on average, but better")


def test_many_names_are_cut():
    found = compare_many_groups(
        {str(number): LOW for number in range(8)}, num_train=800, num_test=100
    )
    assert groups_sentence(found).startswith("0, 1, 2, 3, 4 and 3 more differ")
