import pickle
from pathlib import Path

import pytest
import scipy.stats

from core.comparison.compared_run import load_compared_run
from core.comparison.comparison_words import comparison_sentence, method_sentences
from core.comparison.run_comparison import compare_many, compare_runs
from core.errors import RunError
from core.settings.config import TrainConfig
from core.text import Text
from tests.compared_runs import make_compared_run

RIGHT, WRONG = ("cat", "cat"), ("cat", "dog")


def answers(*rights: str) -> list[dict[str, tuple[str, str]]]:
    """Answers of each run: "1" where it is right on a cat, "0" where it calls it a dog."""
    return [
        {f"{number:03}.jpg": RIGHT if mark == "1" else WRONG for number, mark in enumerate(each)}
        for each in rights
    ]


def test_pictures_that_one_model_alone_gets_right_are_counted(tmp_path):
    mine, others = answers(
        "1" * 30 + "1" * 10 + "0" * 2 + "0" * 3, "1" * 30 + "0" * 10 + "1" * 2 + "0" * 3
    )
    first = make_compared_run(tmp_path / "a", mine)
    second = make_compared_run(tmp_path / "b", others)
    found = compare_runs(first, second)
    assert (found.num_images, found.num_only_first, found.num_only_second) == (45, 10, 2)
    assert (found.first_accuracy, found.second_accuracy) == pytest.approx((40 / 45, 32 / 45))
    assert found.p_value == pytest.approx(scipy.stats.binomtest(2, 12).pvalue)
    low, high = found.interval
    assert 0 < low < found.difference < high < 0.4
    assert found.is_more_than_chance
    assert comparison_sentence(found) == (
        "The first is right on 8 more of 45 pictures: more than chance would give (p = 0.039)."
    )


def test_the_other_way_round_all_is_reversed(tmp_path):
    mine, others = answers("1" * 40, "1" * 32 + "0" * 8)
    first = make_compared_run(tmp_path / "a", mine)
    second = make_compared_run(tmp_path / "b", others)
    there, back = compare_runs(first, second), compare_runs(second, first)
    assert back.difference == -there.difference
    assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]))
    assert back.p_value == there.p_value
    assert comparison_sentence(back, second=Text("“%1”", "Batch 4")).startswith(
        "“Batch 4” is right"
    )


def test_a_small_difference_is_no_more_than_chance(tmp_path):
    mine, others = answers("1" * 38 + "0" * 2, "1" * 36 + "0" * 4)
    found = compare_runs(
        make_compared_run(tmp_path / "a", mine), make_compared_run(tmp_path / "b", others)
    )
    assert not found.is_more_than_chance
    assert found.interval[0] < 0 < found.interval[1]
    assert comparison_sentence(found) == (
        "The first is right on 2 more of 40 pictures: no more than chance would give (p = 0.5)."
    )
    assert "McNemar's exact test" in method_sentences(found)


def test_pictures_that_either_has_learned_from_are_left_out(tmp_path):
    (mine,) = answers("1" * 20)
    first = make_compared_run(
        tmp_path / "a", mine, trained_on={"x.jpg": "cat"}, validated_on={"y.jpg": "cat"}
    )
    second = make_compared_run(
        tmp_path / "b",
        mine | {"x.jpg": RIGHT, "y.jpg": RIGHT, "z.jpg": RIGHT},
        folder="/elsewhere",
        trained_on={"w.jpg": "dog"},
    )
    found = compare_runs(first, second)
    assert (found.num_images, found.num_tested) == (20, (20, 23))
    assert found.are_known_by_content


def test_a_copy_of_a_picture_in_training_is_left_out(tmp_path):
    """The same content lies in both tests, and under another path in one training too."""
    (mine,) = answers("1" * 20)
    first = make_compared_run(tmp_path / "a", mine)
    second = make_compared_run(tmp_path / "b", mine, trained_on={"x.jpg": "cat"})
    record = second / "images.jsonl"
    content = record.read_text()
    known = next(line for line in content.splitlines() if "003.jpg" in line).split('"')[-2]
    unknown = next(line for line in content.splitlines() if "x.jpg" in line).split('"')[-2]
    record.write_text(content.replace(unknown, known))
    assert compare_runs(first, second).num_images == 19


def test_pictures_that_moved_are_known_by_content(tmp_path):
    mine, others = answers("1" * 20, "0" * 20)
    first = make_compared_run(tmp_path / "a", mine)
    second = make_compared_run(tmp_path / "b", others, folder="/moved")
    found = compare_runs(first, second)
    assert found.num_images == 20
    assert found.disagreements[0].path == Path("/data/000.jpg")
    assert found.disagreements[0].second_path == Path("/moved/000.jpg")


def test_pictures_whose_content_changed_are_others(tmp_path):
    mine, others = answers("1" * 20, "0" * 20)
    first = make_compared_run(tmp_path / "a", mine)
    second = make_compared_run(tmp_path / "b", others)
    record = second / "images.jsonl"
    lines = record.read_text().splitlines()
    lines[1] = lines[1][:-10] + '00000000"]'
    record.write_text("\n".join(lines))
    assert compare_runs(first, second).num_images == 19


def test_without_a_record_of_contents_pictures_are_known_by_path(tmp_path):
    mine, others = answers("1" * 20, "0" * 20)
    first = make_compared_run(tmp_path / "a", mine, has_record=False)
    second = make_compared_run(tmp_path / "b", others)
    found = compare_runs(first, second)
    assert (found.num_images, found.are_known_by_content) == (20, False)


def test_classes_are_matched_by_name(tmp_path):
    (mine,) = answers("1" * 20)
    first = make_compared_run(tmp_path / "a", mine | {"o.jpg": ("owl", "owl")})
    second = make_compared_run(tmp_path / "b", mine, labels=("bee", "dog", "cat"))
    found = compare_runs(first, second)
    assert (found.num_images, found.second_accuracy, found.disagreements) == (20, 1.0, ())
    assert [each.label for each in found.classes] == ["cat", "dog"]


def test_pictures_with_another_actual_class_are_left_out_and_counted(tmp_path):
    (mine,) = answers("1" * 20)
    first = make_compared_run(tmp_path / "a", mine)
    second = make_compared_run(
        tmp_path / "b", mine | {"003.jpg": ("dog", "dog"), "004.jpg": ("dog", "cat")}
    )
    found = compare_runs(first, second)
    assert (found.num_images, found.num_relabeled) == (18, 2)
    assert "2 pictures are left out" in method_sentences(found)


def test_recalls_are_of_the_pictures_in_common(tmp_path):
    mine = {f"{n}.jpg": ("cat", "cat") for n in range(4)} | {
        f"d{n}.jpg": ("dog", "cat" if n else "dog") for n in range(4)
    }
    others = dict.fromkeys(mine, ("cat", "cat")) | {
        f"d{n}.jpg": ("dog", "dog" if n else "owl") for n in range(4)
    }
    found = compare_runs(
        make_compared_run(tmp_path / "a", mine | {"more.jpg": ("owl", "cat")}),
        make_compared_run(tmp_path / "b", others),
    )
    assert [(e.label, e.num_images, e.first, e.second) for e in found.classes] == [
        ("cat", 4, 1.0, 1.0),
        ("dog", 4, 0.25, 0.75),
        ("owl", 0, None, None),
    ]


def test_disagreements_hold_both_answers(tmp_path):
    mine = {"a.jpg": ("cat", "owl"), "b.jpg": ("cat", "dog"), "c.jpg": ("cat", "cat")}
    others = {"a.jpg": ("cat", "dog"), "b.jpg": ("cat", "dog"), "c.jpg": ("cat", "cat")}
    found = compare_runs(
        make_compared_run(tmp_path / "a", mine), make_compared_run(tmp_path / "b", others)
    )
    (one,) = found.disagreements
    assert (one.path, one.actual) == (Path("/data/a.jpg"), "cat")
    assert (one.first, one.first_confidence, one.second) == ("owl", 0.75, "dog")
    assert (found.num_only_first, found.num_only_second) == (0, 0)


def test_settings_that_differ_are_told_with_both_values(tmp_path):
    (mine,) = answers("1" * 6)
    first = make_compared_run(tmp_path / "a", mine, config=TrainConfig(batch_size=4, seed=3))
    second = make_compared_run(tmp_path / "b", mine, config=TrainConfig(dropout=0.5, seed=3))
    settings = compare_runs(first, second).settings
    assert [(each.name, each.label, each.values) for each in settings] == [
        ("batch_size", "Batch size", (4, 32)),
        ("dropout", "Dropout", (0.2, 0.5)),
    ]


@pytest.mark.parametrize(
    ("mine", "others", "sentence"),
    [
        ({}, {"a.jpg": RIGHT}, "The first has no test pictures"),
        ({"a.jpg": RIGHT}, {}, "The second has no test pictures"),
        ({"a.jpg": RIGHT}, {"b.jpg": RIGHT}, "No picture is in both test splits"),
        ({"a.jpg": RIGHT}, {"a.jpg": WRONG}, "Only 1 picture is in both test splits"),
        ({"a.jpg": RIGHT}, {"a.jpg": ("dog", "dog")}, "1 picture that is in both test splits has"),
    ],
)
def test_why_there_is_no_test_is_said(tmp_path, mine, others, sentence):
    found = compare_runs(
        make_compared_run(tmp_path / "a", mine), make_compared_run(tmp_path / "b", others)
    )
    assert found.p_value is None
    assert not found.is_more_than_chance
    assert sentence in comparison_sentence(found)
    assert method_sentences(found) == ""


def test_equal_answers_are_no_difference(tmp_path):
    (mine,) = answers("1" * 30 + "0" * 10)
    found = compare_runs(
        make_compared_run(tmp_path / "a", mine), make_compared_run(tmp_path / "b", mine)
    )
    assert (found.p_value, found.difference) == (1.0, 0.0)
    assert comparison_sentence(found) == "Both are right on 30 of 40 pictures."


def test_several_runs_are_corrected_for_all_pairs(tmp_path):
    marks = ["1" * 40, "1" * 33 + "0" * 7, "1" * 32 + "0" * 8]
    folders = [
        make_compared_run(tmp_path / str(number), each)
        for number, each in enumerate(answers(*marks))
    ]
    alone = [compare_runs(folders[0], other).p_value for other in folders[1:]]
    pairs = compare_many([load_compared_run(folder) for folder in folders])
    assert [pair.p_value for pair in pairs] == pytest.approx([2 * alone[0], 3 * alone[1], 1.0])
    assert [pair.num_corrected for pair in pairs] == [3, 3, 3]
    assert "Corrected for 3 comparisons" in method_sentences(pairs[0])


def test_a_run_that_has_not_finished_is_named(tmp_path):
    (mine,) = answers("1" * 6)
    first = make_compared_run(tmp_path / "a", mine)
    second = make_compared_run(tmp_path / "b", mine)
    (second / "predictions.jsonl").unlink()
    with pytest.raises(RunError, match=r"/b has no results"):
        compare_runs(first, second)
    with pytest.raises(RunError, match=r"/c is not a run folder"):
        compare_runs(first, tmp_path / "c")


def test_a_comparison_goes_to_another_process(tmp_path):
    (mine,) = answers("1" * 6)
    found = compare_runs(
        make_compared_run(tmp_path / "a", mine), make_compared_run(tmp_path / "b", mine)
    )
    assert pickle.loads(pickle.dumps(found)) == found
