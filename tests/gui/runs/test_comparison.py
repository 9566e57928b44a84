from dataclasses import replace

import pytest

from core.errors import RunError
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from gui.runs.comparison import fact_rows, load_comparison, recall_rows
from tests.library_projects import add_run, make_pictures, make_project


@pytest.fixture
def entry(tmp_path):
    return make_project(make_pictures(tmp_path / "zoo"), "zoo")


def test_runs_side_by_side_have_names_curves_and_a_sentence(entry):
    first = add_run(entry, "first")
    second = add_run(entry, "second", TrainConfig(batch_size=8, learning_rate=0.00002))
    compared = load_comparison({first: "32 a batch", second: "8 a batch"})
    assert compared.names == ("32 a batch", "8 a batch")
    assert [len(history) for history in compared.histories] == [3, 3]
    assert compared.sentence == "Both are right on 23 of 28 pictures."
    assert "McNemar's exact test" in compared.method
    rows = dict(fact_rows(compared))
    assert rows["Batch size"] == ["32", "8"]
    assert rows["Learning rate"] == ["0.001", "0.00002"]
    assert rows["Best epoch"] == ["2 of 3", "2 of 3"]
    assert rows["Test accuracy"][0].startswith("82.1% (")
    assert "Epochs" not in rows


def test_a_run_without_results_is_told_by_name(entry):
    first = add_run(entry, "first")
    bare = RunFolder.create(entry.runs_dir / "bare", TrainConfig(), []).path
    with pytest.raises(RunError, match="bare"):
        load_comparison({first: "first", bare: "bare"})


def with_recalls(compared, *recalls: dict[str, float]):
    """The same runs with other recalls by class."""
    results = []
    for each, by_label in zip(compared.results, recalls, strict=True):
        figures = each.splits[each.best_split]
        per_class = tuple(
            replace(figures.evaluation.per_class[0], recall=recall) for recall in by_label.values()
        )
        evaluation = replace(figures.evaluation, per_class=per_class)
        splits = {each.best_split: replace(figures, evaluation=evaluation)}
        results.append(replace(each, labels=tuple(by_label), splits=splits))
    return replace(compared, results=tuple(results))


def test_classes_that_differ_most_come_first(entry):
    runs = {add_run(entry, name): name for name in ("first", "second")}
    compared = with_recalls(
        load_comparison(runs),
        {"cat": 0.9, "dog": 0.5, "owl": 0.7},
        {"cat": 0.8, "dog": 0.9, "owl": 0.7},
    )
    assert recall_rows(compared) == [
        ("dog", [0.5, 0.9]),
        ("cat", [0.9, 0.8]),
        ("owl", [0.7, 0.7]),
    ]


def test_a_class_that_one_run_does_not_have_is_left_empty(entry):
    runs = {add_run(entry, name): name for name in ("first", "second")}
    compared = with_recalls(load_comparison(runs), {"cat": 0.9}, {"cat": 0.8, "dog": 0.4})
    assert recall_rows(compared) == [("cat", [0.9, 0.8]), ("dog", [None, 0.4])]
