"""What stands in a report."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.computer.computer_facts import ComputerFacts
from core.data.dataset import Split
from core.errors import RunError
from core.export.artifact_folder import record_result
from core.export.formats.tflite import TFLITE_FLOAT16
from core.messages.events import EpochFinished
from core.models.model_info import MODEL_FILE, read_model_info
from core.report.blocks import (
    Block,
    Code,
    Fold,
    Gallery,
    Heading,
    KeyFigures,
    Matrix,
    Paragraph,
    Report,
    Table,
)
from core.report.chart import Chart
from core.report.html_page import html_page
from core.report.report import MOST_RUNS, make_report
from core.report.reported_comparison import compare_reported
from core.report.reported_run import read_reported_run
from core.runs.run_computer import write_run_computer
from core.runs.run_folder import RunFolder
from core.runs.run_predictions import read_run_predictions, write_run_predictions
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.storage.atomic_file import write_json_atomically
from tests.compared_runs import make_compared_run
from tests.fake_exports import DISAGREES, result
from tests.reported_runs import LABELS, MATRICES, finished_run
from tests.run_folders import make_run


def all_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Fold):
            yield from all_blocks(block.blocks)


def texts(report: Report) -> list[str]:
    """All texts of a report."""
    found = [report.title, report.subtitle]
    for block in all_blocks(report.blocks):
        match block:
            case Heading(text) | Paragraph(text):
                found.append(text)
            case KeyFigures(figures):
                found += [
                    text for each in figures for text in (each.value, each.label, each.detail)
                ]
            case Table(columns, rows):
                found += [column.title for column in columns]
                found += [cell.text for row in rows for cell in row]
            case Gallery(items):
                found += [line for item in items for line in item.lines]
            case Code(lines):
                found += lines
            case Fold(title):
                found.append(title)
    return list(map(str, found))


def of_kind(report: Report, kind: type) -> list:
    return [block for block in all_blocks(report.blocks) if isinstance(block, kind)]


def test_a_run_is_told_from_its_figures_to_its_command(tmp_path: Path) -> None:
    report = make_report([finished_run(tmp_path)])
    found = texts(report)
    assert report.sections() == [
        "Classes",
        "Pictures and splits",
        "Results on the test pictures",
        "Training",
        "Exports",
        "Origin",
        "How to repeat this training",
    ]
    # 23 of 28, with the interval in words, balanced accuracy, and the baseline of daisies.
    assert "82.1%" in found
    assert any(
        "With 28 pictures, the 95% confidence interval is 64.4% to 92.1%" in t for t in found
    )
    assert "83.3%" in found
    assert "by always answering “daisy”" in found
    assert "35.7%" in found
    assert len(of_kind(report, Chart)) == 2
    assert "f00d" in found
    assert any(text.startswith("fieldguide train ") for text in found)
    assert "Patience" in found


def test_counts_and_samples_of_each_class_are_shown(tmp_path: Path) -> None:
    report = make_report([finished_run(tmp_path)])
    table = next(each for each in of_kind(report, Table) if each.columns[0].title == "Class")
    assert [row[0].text for row in table.rows] == list(LABELS)
    assert [[cell.text for cell in row[2:]] for row in table.rows] == [
        ["4", "8", "10"],
        ["3", "8", "10"],
        ["2", "8", "8"],
    ]
    assert [len(row[1].images) for row in table.rows] == [4, 3, 2]
    assert all(image.jpeg and not image.problem for row in table.rows for image in row[1].images)


def test_confusions_and_mistakes_are_shown_with_pictures(tmp_path: Path) -> None:
    report = make_report([finished_run(tmp_path)])
    [matrix] = of_kind(report, Matrix)
    assert matrix.counts == ((9, 1, 0), (3, 6, 1), (0, 0, 8))
    pairs = next(each for each in of_kind(report, Table) if each.columns[0].title == "Actual class")
    assert [tuple(cell.text for cell in row[:3]) for row in pairs.rows] == [
        ("rose", "daisy", "3 of 10"),
        ("daisy", "rose", "1 of 10"),
        ("rose", "tulip", "1 of 10"),
    ]
    assert [len(row[3].images) for row in pairs.rows] == [3, 1, 1]
    [mistakes] = of_kind(report, Gallery)
    assert len(mistakes.items) == 5
    confidences = [float(item.lines[2].split()[-1].rstrip("%")) for item in mistakes.items]
    assert confidences == sorted(confidences, reverse=True)


def test_settings_that_differ_come_first_and_all_are_there(tmp_path: Path) -> None:
    config = TrainConfig(optimizer=Optimizer.ADAM, dropout=0.5, fine_tune_epochs=9)
    report = make_report([finished_run(tmp_path, config=config)])
    tables = [each for each in of_kind(report, Table) if each.columns[0].title == "Setting"]
    # Of fine-tuning, which wasn't asked for, nothing is told.
    assert [row[0].text for row in tables[0].rows] == ["Optimizer", "Dropout"]
    assert [cell.text for cell in tables[0].rows[1]] == ["Dropout", "0.5", "0.2"]
    assert any("(no effect)" in row[1].text for row in tables[1].rows)
    assert "All settings are the defaults." in texts(make_report([finished_run(tmp_path / "b")]))


def test_fine_tuning_is_marked_in_the_curves(tmp_path: Path) -> None:
    path = finished_run(tmp_path)
    event = EpochFinished(4, 4, 0.1, 0.9, 0.2, 0.9, 0.001, True, 1.0, is_fine_tuning=True)
    RunFolder(path).append_epoch(event)
    accuracy, loss = of_kind(make_report([path]), Chart)
    assert [(mark.place, mark.text) for mark in accuracy.marks] == [
        (2.0, "best: 2"),
        (3.0, "fine-tuning begins"),
    ]
    assert accuracy.marks == loss.marks


def test_verdicts_on_exports_of_this_model_are_told(tmp_path: Path) -> None:
    path = finished_run(tmp_path)
    assert "The run's folder has no exports of this model." in texts(make_report([path]))
    info = read_model_info(path / "model")
    made = result(TFLITE_FLOAT16, path / "exports")
    record_result(_folder(path / "exports" / made.target.name), made, info)
    found = texts(make_report([path]))
    assert {"failed", "96.0%", "400", "LiteRT 2.3.0"} <= set(found)
    assert any(DISAGREES in text for text in found)
    other = replace(info, created="2020-01-01T00:00:00+00:00")  # trained again since
    write_json_atomically(path / "model" / MODEL_FILE, other.to_json_dict())
    assert "The run's folder has no exports of this model." in texts(make_report([path]))


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


def test_missing_pictures_are_named_and_the_report_is_written_all_the_same(tmp_path: Path) -> None:
    path = finished_run(tmp_path)
    for file in tmp_path.rglob("*.png"):
        file.unlink()
    report = make_report([path])
    images = list(report.images())
    assert images
    assert not any(image.jpeg for image in images)
    page = html_page(report).decode("utf-8")
    assert all(str(image.path) in page for image in images)
    assert "This file is not there." in page


@pytest.mark.parametrize("lost", ["model", "predictions.jsonl", "images.jsonl", "history.jsonl"])
def test_an_old_run_is_told_as_far_as_it_is_known(tmp_path: Path, lost: str) -> None:
    path = finished_run(tmp_path)
    kept = tmp_path / "kept"
    (path / lost).rename(kept)
    report = make_report([path])
    assert read_reported_run(path).gaps[0] in texts(report)
    assert html_page(report)


def test_without_a_test_split_the_figures_are_those_of_validation(tmp_path: Path) -> None:
    only = {Split.VALIDATION: MATRICES[Split.VALIDATION]}
    found = texts(make_report([finished_run(tmp_path, matrices=only)]))
    assert "Results on the validation pictures" in found
    assert "Validation accuracy" in found
    assert any("slightly optimistic" in text for text in found)
    assert "No pictures were set aside for a test." in found


def test_a_thousand_classes_stay_readable_and_small(tmp_path: Path) -> None:
    number = 1000
    matrix = np.diag(np.full(number, 9)) + np.roll(np.eye(number, dtype=int), 3, axis=1)
    labels = tuple(f"class {index}" for index in range(number))
    path = make_run(tmp_path, labels, {Split.TEST: matrix}, training_counts=[2] * number)
    report = make_report([path])
    [shown] = of_kind(report, Matrix)
    assert len(shown.labels) == 16
    assert len(list(report.images())) < 200
    outside = [each for each in report.blocks if isinstance(each, Table)]
    assert max(len(table.rows) for table in outside) <= 40
    assert max(len(table.rows) for table in of_kind(report, Table)) == number
    assert len(html_page(report)) < 2_000_000


def test_runs_are_compared(tmp_path: Path) -> None:
    better = {Split.TEST: np.diag([10, 10, 8]), Split.VALIDATION: MATRICES[Split.VALIDATION]}
    first = finished_run(tmp_path / "a")
    config = TrainConfig(optimizer=Optimizer.SGD, seed=3)
    second = finished_run(tmp_path / "a" / "b", matrices=better, config=config)
    report = make_report([first, second])
    found = texts(report)
    assert report.title == "Comparison of 2 runs"
    [differing] = [each for each in of_kind(report, Table) if each.columns[0].title == "Setting"]
    assert [row[0].text for row in differing.rows] == ["Optimizer", "Seed"]
    assert {"82.1%", "100.0%"} <= set(found)
    accuracy, _ = of_kind(report, Chart)
    assert [(each.name, each.color, each.label) for each in accuracy.series] == [
        # Both folders are called "run".
        ("1. a/run", 0, "1"),
        ("2. b/run", 1, "2"),
    ]
    recalls = next(each for each in of_kind(report, Table) if each.columns[0].title == "Class")
    assert [cell.text for cell in recalls.rows[1]] == ["rose", "60.0%", "100.0%", "40.0 points"]


def test_disagreements_are_those_on_the_same_pictures(tmp_path: Path) -> None:
    first = finished_run(tmp_path / "a")
    report = make_report([first, _other_answers(first)])
    [gallery] = of_kind(report, Gallery)
    assert [item.lines[0] for item in gallery.items] == ["daisy"]
    assert gallery.items[0].lines[1].startswith("1: ")
    assert gallery.items[0].lines[2].endswith("tulip")
    compared = compare_reported([read_reported_run(path) for path in (first, _other(first))])
    pair, turned = compared.pair(0, 1), compared.pair(1, 0)
    assert (pair.num_images, pair.first_only, pair.second_only) == (28, 1, 0)
    assert (turned.first_only, turned.second_only) == (0, 1)
    assert pair.difference == pytest.approx(-1 / 28)
    assert turned.difference == pytest.approx(1 / 28)


def test_two_runs_are_compared_in_words_and_by_a_test(tmp_path: Path) -> None:
    first = finished_run(tmp_path / "a")
    found = texts(make_report([first, _other_answers(first)]))
    assert (
        "“run” is right on 1 more of 28 pictures: no more than chance would give (p = 1)." in found
    )
    assert any("McNemar's exact test" in text for text in found)
    assert any("The difference in accuracy is +3.6 points" in text for text in found)
    # Said again in the table, from the other side, it would confuse.
    assert not {"Difference", "More than chance"} & set(found[: found.index("Curves")])


def test_several_runs_are_compared_in_pairs_with_holms_correction(tmp_path: Path) -> None:
    right = {f"{number}.jpg": ("cat", "cat") for number in range(40)}
    wrong = right | {f"{number}.jpg": ("cat", "dog") for number in range(12)}
    runs = [
        _compared(tmp_path / f"run {number}", answers, batch_size=4 + number)
        for number, answers in enumerate([right, wrong, wrong])
    ]
    found = texts(make_report(runs))
    assert "2 of 3 pairs differ by more than chance would give." in found
    assert any("Corrected for 3 comparisons by Holm's method." in text for text in found)
    # 12 to 0 has p = 0.00049, and three comparisons were made.
    assert found.count("yes (p = 0.0015)") == 2
    assert found.count("-30.0 points") == 2


def test_ways_of_training_are_compared_over_the_seeds_they_share(tmp_path: Path) -> None:
    runs = [
        _compared(
            tmp_path / f"{batch_size} {seed}",
            {
                f"{seed}-{number}.jpg": ("cat", "dog" if number < num_wrong + seed else "cat")
                for number in range(40)
            },
            batch_size=batch_size,
            seed=seed,
        )
        for batch_size, num_wrong in ((4, 16), (32, 2))
        for seed in (1, 2, 3)
    ]
    report = make_report(runs)
    found = texts(report)
    assert any(
        text.startswith("Batch size 32 is 35.0 points more accurate on average: more than chance")
        for text in found
    )
    assert any("corrected resampled t-test over 3 seeds" in text for text in found)
    table = next(
        each
        for each in of_kind(report, Table)
        if "Mean test accuracy" in [c.title for c in each.columns]
    )
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Batch size 4", "3", "55.0%", "yes (p = 0.039)"],
        ["Batch size 32", "3", "90.0%", "–"],
    ]
    # Of single runs the seeds tell more.
    assert "Compared picture by picture" not in found


def test_ways_that_many_settings_tell_apart_are_named_by_their_first_run(tmp_path: Path) -> None:
    settings = {"batch_size": 4, "epochs": 7, "dropout": 0.5, "learning_rate": 0.1}
    runs = [
        _compared(
            tmp_path / f"{way} {seed}",
            {f"{seed}-{number}.jpg": ("cat", "cat") for number in range(40)},
            seed=seed,
            **values,
        )
        for way, values in (("plain", {}), ("other", settings))
        for seed in (1, 2, 3)
    ]
    compared = compare_reported([read_reported_run(run) for run in runs])
    assert compared.names == {"0": "“1. plain 1”", "3": "“4. other 1”"}


def test_pictures_that_a_run_was_trained_on_are_no_common_ones(tmp_path: Path) -> None:
    answers = {f"{number}.jpg": ("cat", "cat") for number in range(20)}
    first = _compared(tmp_path / "first", answers)
    others = dict.fromkeys(list(answers)[10:], ("cat", "dog"))
    seen = dict.fromkeys(list(answers)[:10], "cat")
    second = make_compared_run(tmp_path / "second", others, trained_on=seen)
    report = make_report([first, second])
    assert "10 of 10 common test pictures." in texts(report)
    [gallery] = of_kind(report, Gallery)
    assert len(gallery.items) == 10


def test_moved_pictures_are_found_by_content(tmp_path: Path) -> None:
    first = finished_run(tmp_path / "a")
    moved = tmp_path / "moved"
    answers = {"x.png": ("daisy", "rose")}
    second = make_compared_run(moved / "run", answers, labels=LABELS, folder=str(moved))
    third = make_compared_run(
        tmp_path / "third", {"x.png": ("daisy", "daisy")}, labels=LABELS, folder=str(tmp_path)
    )
    shutil.copy(next((tmp_path / "a").rglob("*.png")), moved / "x.png")
    report = make_report([third, second])
    [gallery] = of_kind(report, Gallery)
    # The first run's place is empty now, so the picture comes from the second's.
    assert gallery.items[0].image.jpeg
    assert gallery.items[0].image.path == moved / "x.png"
    assert "no test pictures" not in " ".join(texts(make_report([first, second])))


def test_a_run_without_results_is_left_out_of_the_comparison_and_said(tmp_path: Path) -> None:
    first = finished_run(tmp_path / "a")
    second = _other_answers(first)
    third = RunFolder.create(tmp_path / "third", TrainConfig(), []).path
    found = texts(make_report([third, first, second]))
    assert any(text.startswith("“third” can't be compared: ") for text in found)
    assert any(text.startswith("“run” is right on 1 more") for text in found)
    found = texts(make_report([third, first]))
    assert "Fewer than two of these runs have results that can be compared." in found


def _compared(path: Path, answers: dict[str, tuple[str, str]], **settings: object) -> Path:
    trained_on = {f"t{number}.jpg": "cat" for number in range(160)}
    return make_compared_run(
        path,
        answers,
        trained_on=trained_on,
        config=TrainConfig(optimizer=Optimizer.ADAM, **settings),
    )


def _other(first: Path) -> Path:
    return first.with_name("other")


def _other_answers(first: Path) -> Path:
    """A copy of a run that calls one daisy a tulip."""
    other = _other(first)
    shutil.copytree(first, other)
    labels, predictions = read_run_predictions(first)
    number = next(
        i
        for i, each in enumerate(predictions)
        if each.split is Split.TEST and each.predicted == each.class_index == 0
    )
    predictions[number] = replace(predictions[number], top=((2, 0.9), (0, 0.1)))
    write_run_predictions(other, labels, predictions)
    return other


def test_the_same_run_twice_is_one_run(tmp_path: Path) -> None:
    path = finished_run(tmp_path)
    assert make_report([path, path / "model"]).title == "run"


def test_too_many_runs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=f"up to {MOST_RUNS} runs"):
        make_report([tmp_path / str(number) for number in range(MOST_RUNS + 1)])


def test_the_computer_of_the_training_is_told_where_it_is_recorded(tmp_path: Path) -> None:
    path = finished_run(tmp_path)
    assert "Computer of the training" not in texts(make_report([path]))
    gpus = (("A100", 80 << 30), ("other", None))
    write_run_computer(path, ComputerFacts("Xeon", 4, 16 << 30, gpus, "Linux 6 x86_64"))
    assert (
        "Xeon, 4 processor cores, 16 GB of memory, GPU A100 with 80 GB, GPU other, Linux 6 x86_64"
        in texts(make_report([path]))
    )
    write_run_computer(path, ComputerFacts("Xeon", 1, None, (), "Linux"))
    assert "Xeon, 1 processor core, Linux" in texts(make_report([path]))
