import numpy as np
import pytest

from gui.train.epoch_axis import EpochAxis, EpochScale, PercentAxis


def test_few_epochs_of_fine_tuning_get_a_part_of_their_own():
    scale = EpochScale(last_of_head=160, num_epochs=165)
    places = scale.places([0, 80, 160, 161, 165])
    assert places[:3].tolist() == [0, 80, 160]
    assert (places[-1] - 160) / places[-1] == pytest.approx(0.4)
    assert [scale.epoch(place) for place in places] == pytest.approx([0, 80, 160, 161, 165])


@pytest.mark.parametrize(
    "scale", [EpochScale(), EpochScale(None, 20), EpochScale(5, 20), EpochScale(5, 5)]
)
def test_other_epochs_are_all_equally_wide(scale):
    epochs = np.arange(21.0)
    assert scale.places(epochs.tolist()).tolist() == epochs.tolist()


def test_both_parts_are_named_by_their_epochs(qtbot):
    axis = EpochAxis()
    axis.set_epoch_scale(EpochScale(last_of_head=160, num_epochs=165))
    [(spacing, values)] = axis.tickValues(0, axis.epoch_scale.end, 400)
    names = axis.tickStrings(values, 1, spacing)
    assert names == ["0", "50", "100", "150", "162", "164"]


@pytest.mark.parametrize("high", [1, 3, 40, 499, 20_000])
def test_ticks_are_whole_epochs_with_room_for_their_names(high):
    ticks = EpochScale().ticks(0, high, 500)
    assert all(tick == round(tick) for tick in ticks)
    assert len(ticks) <= 11
    assert len(ticks) >= 2


def test_accuracies_are_percentages_from_0_to_100(qtbot):
    axis = PercentAxis()
    values = [value for _, level in axis.tickValues(-0.02, 1.02, 300) for value in level]
    assert min(values) == pytest.approx(0)
    assert max(values) == pytest.approx(1)
    assert axis.tickStrings([0.0, 0.5, 1.0], 1, 0.5) == ["0%", "50%", "100%"]
    assert axis.tickStrings([0.99, 0.995], 1, 0.005) == ["99.0%", "99.5%"]
