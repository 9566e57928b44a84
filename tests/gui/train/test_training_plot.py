from dataclasses import asdict, replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from core.errors import StorageError
from core.messages.events import BatchFinished, EpochFinished
from gui.look.theme import DARK, LIGHT, make_palette
from gui.train.training_history import TrainingHistory
from gui.train.training_plot import TrainingPlot
from tests.fake_runs import EPOCHS


@pytest.fixture
def plot(qtbot):
    plot = TrainingPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    plot.show()
    plot.start(3)
    return plot


def test_curves_show_what_was_heard(plot):
    plot.add_batch(BatchFinished(1, 1, 4, 0.9, 0.3))
    for event in EPOCHS:
        plot.add_epoch(event)
    curves = plot.curves()
    assert curves["batch_loss"] == ([0.25], [0.9])
    assert curves["loss"] == ([1, 2, 3], [0.8, 0.6, 0.4])
    assert curves["val_accuracy"] == ([1, 2, 3], [0.4, 0.6, 0.5])
    assert plot.history.best_epoch == 2


def test_history_of_a_run_folder_is_drawn_and_rubbish_passed_over(plot):
    plot.load_history([asdict(EPOCHS[0]), {"epoch": 2}, asdict(EPOCHS[1]) | {"loss": "low"}])
    assert plot.curves()["loss"] == ([1], [0.8])


def fine_tuned(epoch, num_epochs=5):
    return EpochFinished(epoch, num_epochs, 0.3, 0.8, 0.4, 0.7, 1e-5, True, 5.0, True)


def test_a_line_says_where_fine_tuning_begins_and_the_axis_goes_on(plot):
    for event in EPOCHS:
        plot.add_epoch(event)
    assert plot.fine_tuning_mark is None
    plot.add_epoch(fine_tuned(4))
    plot.add_epoch(fine_tuned(5))
    assert plot.fine_tuning_mark == 3
    assert plot.curves()["loss"][0] == [1, 2, 3, 4, 5]
    low, high = plot._plots["loss"].viewRange()[0]
    assert low <= 0
    assert high >= 5
    plot.start(3)
    assert plot.fine_tuning_mark is None


def spans(plot):
    """Where the words of the best epoch and of fine-tuning, and their lines, are in pixels."""
    plot.curves()
    QApplication.processEvents()
    for lines in (plot._marks, plot._borders):
        line = lines["accuracy"]
        words = line.label.mapRectToScene(line.label.boundingRect())
        yield line.mapToScene(0, 0).x(), words.left(), words.right()


@pytest.mark.parametrize("best", [1, 4, 5, 6, 7, 10])
def test_words_of_a_line_are_beside_the_other_line_and_in_view(plot, best):
    for epoch in range(1, 11):
        event = replace(fine_tuned(epoch, 10), is_best=epoch == best, is_fine_tuning=epoch > 5)
        plot.add_epoch(event)
    (mark, *mark_words), (border, *border_words) = spans(plot)
    left, right = plot._plots["accuracy"].vb.sceneBoundingRect().getRect()[0::2]
    for begin, end in (mark_words, border_words):
        assert left <= begin < end <= left + right
    assert not mark_words[0] + 3 < border < mark_words[1] - 3
    assert not border_words[0] + 3 < mark < border_words[1] - 3


def test_axis_of_the_accuracy_ends_where_accuracies_do(plot):
    history = TrainingHistory()
    for event in EPOCHS:
        history.add_epoch(replace(event, accuracy=1.0, val_accuracy=1.0))
    plot.add_earlier_run(history)
    plot.fit()
    QApplication.processEvents()
    low, high = plot._plots["accuracy"].viewRange()[1]
    assert low < 1.0 < high <= 1.021


def test_histories_with_and_without_the_mark_of_fine_tuning_are_read(plot):
    old = asdict(EPOCHS[0])
    del old["is_fine_tuning"]
    plot.load_history([old, asdict(fine_tuned(2))])
    assert plot.curves()["loss"][0] == [1, 2]
    assert plot.fine_tuning_mark == 1


def test_earlier_runs_stay_and_can_be_forgotten(plot):
    plot.add_epoch(EPOCHS[0])
    plot.start(3)
    assert plot.num_earlier_runs == 1
    assert plot.curves()["loss"] == ([], [])
    plot.clear()
    assert plot.num_earlier_runs == 0


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_plots_are_saved_as_images(plot, tmp_path, suffix):
    plot.add_epoch(EPOCHS[0])
    plot.curves()
    path = tmp_path / f"plots.{suffix}"
    plot.save_image(path)
    if suffix == "png":
        shown = plot.grab().toImage()
        with Image.open(path) as image:
            assert image.size == (2 * shown.width(), 2 * shown.height())
            small = np.asarray(image.convert("L").resize((shown.width(), shown.height())), np.int16)
        shown.save(str(tmp_path / "shown.png"))
        with Image.open(tmp_path / "shown.png") as image:
            on_screen = np.asarray(image.convert("L"), np.int16)
        # All of it, at twice the size: what is drawn lies where it lies on the screen.
        assert np.corrcoef(small.ravel(), on_screen.ravel())[0, 1] > 0.7
    else:
        assert "<svg" in path.read_text("utf-8")[:400]


def test_a_plot_that_cannot_be_saved_says_so(plot, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="plots"):
        plot.save_image(tmp_path / "file" / "plots.png")


def test_colors_follow_the_scheme(plot):
    app = QApplication.instance()
    before = app.palette()
    try:
        for theme in (LIGHT, DARK):
            app.setPalette(make_palette(theme))
            plot.setPalette(make_palette(theme))
            pen = plot._lines["accuracy"].opts["pen"]
            assert pen.color().name().upper() == theme.accent
    finally:
        app.setPalette(before)


def test_drops_pass_through_to_the_window(plot):
    assert not plot._view.acceptDrops()
    assert not plot._view.viewport().acceptDrops()


def test_values_near_an_epoch():
    history = TrainingHistory()
    assert history.curves["loss"].value_near(1) is None
    for event in EPOCHS:
        history.add_epoch(event)
    assert history.curves["loss"].value_near(2.2) == 0.6


def test_epochs_that_a_resumed_run_repeats_are_drawn_once():
    history = TrainingHistory()
    for event in (*EPOCHS, *EPOCHS[1:]):
        history.add_batch(BatchFinished(event.epoch, 4, 4, event.loss, event.accuracy))
        history.add_epoch(event)
    assert history.curves["loss"].epochs == [1, 2, 3]
    assert history.curves["batch_loss"].epochs == [1, 2, 3]


def exact(epoch: int, *, is_best: bool = False) -> EpochFinished:
    return EpochFinished(epoch, 200, 0.5, 0.5, 0.5, 0.5, 0.0, is_best, 0.1, is_exact=True)


def axis_name(plot) -> str:
    return plot._plots["loss"].getAxis("bottom").labelText


def test_epochs_of_an_exact_fit_are_called_iterations(plot):
    assert axis_name(plot) == "Epoch"
    for number in range(1, 151):
        plot.add_epoch(exact(number, is_best=number == 120))
    assert len(plot.curves()["val_loss"][0]) == 150
    assert axis_name(plot) == "Iteration"
    assert "iteration 120" in plot._marks["accuracy"].label.format
    plot.start(5)
    plot.curves()
    assert axis_name(plot) == "Epoch"


def test_an_exact_fit_of_a_run_folder_is_known_as_one(plot):
    plot.load_history([asdict(exact(1, is_best=True))])
    plot.curves()
    assert axis_name(plot) == "Iteration"


def test_few_epochs_of_fine_tuning_after_many_iterations_can_be_told_apart(plot):
    for number in range(1, 151):
        plot.add_epoch(exact(number))
    for number in (151, 152):
        plot.add_epoch(fine_tuned(number, 152))
    assert plot.fine_tuning_mark == 150
    assert plot.curves()["loss"][0] == [*range(1, 153)]
    places = plot._lines["loss"].getOriginalDataset()[0]
    assert places[-1] - 150 == pytest.approx(100)
    ground = plot._grounds["loss"]
    assert ground.isVisible()
    assert ground.getRegion()[0] == 150
    assert axis_name(plot) == "Iteration, then epoch of fine-tuning"


def heights(plot):
    QApplication.processEvents()
    return plot._plots["loss"].viewRange()[1]


def test_one_outlier_does_not_ruin_the_loss_and_show_all_shows_it(plot):
    for number in range(1, 9):
        plot.add_epoch(replace(EPOCHS[0], epoch=number, num_epochs=8, loss=1 / number))
    assert plot.outside == ""
    plot.add_epoch(replace(EPOCHS[0], epoch=9, num_epochs=9, loss=500.0))
    assert plot.outside == "▲ 1 value above, up to 500"
    assert heights(plot)[1] < 2
    plot.fit()
    assert plot.outside == ""
    assert heights(plot)[1] > 500
    plot.start(3)
    assert plot.outside == ""


def test_curves_of_epochs_are_wide_and_a_single_epoch_shows(plot):
    plot.add_epoch(EPOCHS[0])
    plot.add_batch(BatchFinished(2, 1, 4, 0.9, 0.3))
    plot.curves()
    line = plot._lines["val_accuracy"]
    assert line.opts["pen"].widthF() >= 2
    assert line.opts["symbol"] == "o"
    assert plot._lines["batch_accuracy"].opts["pen"].widthF() == 1
    for number in range(2, 3_000):
        plot.history.add_epoch(replace(EPOCHS[0], epoch=number))
    plot._recolor()
    assert line.opts["pen"].widthF() == 1
    assert line.opts["symbol"] is None


def test_lines_are_as_wide_on_a_dense_screen(plot, monkeypatch):
    monkeypatch.setattr(TrainingPlot, "devicePixelRatioF", lambda _self: 2.0)
    plot.add_epoch(EPOCHS[0])
    plot._recolor()
    assert plot._lines["val_accuracy"].opts["pen"].widthF() == 4
    assert plot.legend()[0].pen.widthF() == 4


def test_the_legend_names_what_is_drawn(plot):
    told = []
    plot.legend_changed.connect(lambda entries: told.append([each.name for each in entries]))
    plot.history.name = "first"
    plot.add_epoch(EPOCHS[0])
    plot.curves()
    assert told[-1] == ["Training", "Validation"]
    plot.add_batch(BatchFinished(2, 1, 4, 0.9, 0.3))
    plot.curves()
    assert told[-1] == ["Training", "Validation", "Batches"]
    for name in ("second", "third", "fourth", "fifth"):
        plot.start(3)
        plot.history.name = name
        plot.add_epoch(EPOCHS[0])
    plot.curves()
    earlier = ["Earlier: fourth", "Earlier: third", "Earlier: second"]
    assert told[-1] == ["Training", "Validation", *earlier]
    assert plot.num_earlier_runs == 3


def test_stages_of_earlier_runs_lie_on_those_of_the_current_one(plot):
    history = TrainingHistory("earlier")
    for number in range(1, 31):
        history.add_epoch(fine_tuned(number, 30) if number > 28 else exact(number))
    plot.add_earlier_run(history)
    for number in range(1, 11):
        plot.add_epoch(exact(number))
    plot.add_epoch(fine_tuned(11, 12))
    plot.curves()
    [run] = plot._earlier._runs
    places = run.lines["loss"].getOriginalDataset()[0].tolist()
    assert places[:10] == [*range(1, 11)]
    assert places[10:] == plot._scale.places([11, 12]).tolist()


def test_a_run_that_ended_early_needs_no_room_for_more(plot):
    plot.start(500)
    for event in EPOCHS:
        plot.add_epoch(replace(event, num_epochs=500))
    assert plot._plots["loss"].viewRange()[0][1] >= 500
    plot.end()
    assert 3 <= plot._plots["loss"].viewRange()[0][1] < 4


def test_the_ends_of_the_accuracy_are_named(plot):
    for number in range(1, 9):
        plot.add_epoch(replace(EPOCHS[0], epoch=number, val_accuracy=number % 2, accuracy=0.5))
    plot.curves()
    QApplication.processEvents()
    axis = plot._plots["accuracy"].getAxis("left")
    canvas = QPixmap(10, 10)
    painter = QPainter(canvas)
    _, _, texts = axis.generateDrawSpecs(painter)
    painter.end()
    assert {"0%", "100%"} <= {text for _, _, text in texts}


def test_an_earlier_runs_outlier_beyond_the_current_run_is_not_told(plot):
    for number in range(1, 10):
        loss = 500.0 if number == 9 else 1 / number
        plot.add_epoch(replace(EPOCHS[0], epoch=number, num_epochs=9, val_loss=loss))
    assert plot.outside
    for num_epochs, is_told in ((9, True), (6, False)):
        plot.start(num_epochs)
        plot._is_stale = True
        assert bool(plot.outside) == is_told


def test_words_keep_off_the_other_line_where_no_side_has_room_for_them(plot):
    plot.resize(420, 400)
    for number in range(1, 161):
        plot.add_epoch(replace(exact(number), num_epochs=165))
    for number in range(161, 166):
        plot.add_epoch(replace(fine_tuned(number, 165), is_best=number == 162))
    (_, *mark_words), (border, *_) = spans(plot)
    left, width = plot._plots["accuracy"].vb.sceneBoundingRect().getRect()[0::2]
    assert border < mark_words[0]
    assert left <= mark_words[0] < mark_words[1] <= left + width + 1


def test_the_axis_is_named_before_the_first_iteration(plot):
    plot.start(500, is_exact=True)
    plot.curves()
    assert axis_name(plot) == "Iteration"
