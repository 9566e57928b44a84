"""The preview of augmentation: follows the settings, says why it is empty, never blocks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from core.data.pixels.augmentation import Flip
from core.settings.config import TrainConfig
from gui.train_settings import augmentation_preview
from gui.train_settings.augmentation_preview import AugmentationPreview
from gui.train_settings.augmented_rows import RowsWanted, make_rows

TURNED = TrainConfig(rotation=30, flip=Flip.HORIZONTAL)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    paths = []
    for number in range(6):
        blocks = np.random.default_rng(number).integers(0, 256, (6, 6, 3), np.uint8)
        paths.append(tmp_path / f"{number}.png")
        Image.fromarray(blocks).resize((90, 60), Image.Resampling.NEAREST).save(paths[-1])
    return paths


@pytest.fixture
def preview(qtbot) -> AugmentationPreview:
    preview = AugmentationPreview()
    qtbot.addWidget(preview)
    preview.show()
    return preview


def pixels(preview: AugmentationPreview) -> bytes:
    image = preview._tiles.grab().toImage()
    return bytes(image.constBits())


def shown(preview: AugmentationPreview) -> bool:
    return preview._tiles.isVisible() and bool(preview._tiles._rows)


def wanted(paths, config=TURNED, choice=0) -> RowsWanted:
    return RowsWanted(paths, config, choice, side=40, num_rows=3, num_changed=3)


def made(*args, **kwargs):
    return make_rows(wanted(*args, **kwargs), lambda: None)


def test_without_images_it_says_what_to_do(preview):
    preview.set_config(TURNED)
    assert "Add pictures" in preview.message


def test_without_changes_it_says_so(qtbot, preview, paths):
    preview.set_images(paths)
    assert "Augmentation is off" in preview.message
    preview.set_config(TURNED)
    qtbot.waitUntil(lambda: shown(preview))
    assert preview.message == ""
    preview.set_config(TrainConfig())
    assert "Augmentation is off" in preview.message


def test_images_follow_the_settings_and_the_button(qtbot, preview, paths):
    preview.set_images(paths)
    preview.set_config(TURNED)
    qtbot.waitUntil(lambda: shown(preview))
    first = pixels(preview)
    preview.set_config(replace(TURNED, brightness=0.5))
    qtbot.waitUntil(lambda: pixels(preview) != first)
    second = pixels(preview)
    (button,) = preview.findChildren(QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pixels(preview) != second)


def test_many_changes_of_settings_are_computed_once(qtbot, preview, paths, monkeypatch):
    asked = []

    def note(*args, **kwargs):
        asked.append(RowsWanted(*args, **kwargs))
        return asked[-1]

    monkeypatch.setattr(augmentation_preview, "RowsWanted", note)
    preview.set_images(paths)
    for rotation in range(11, 20):
        preview.set_config(replace(TURNED, rotation=rotation))
        QApplication.processEvents()
    qtbot.waitUntil(lambda: shown(preview))
    assert [wanted.config.rotation for wanted in asked] == [19]
    preview.set_config(replace(TURNED, rotation=19, epochs=7))
    assert not preview._timer.isActive()


def test_nothing_is_computed_while_hidden(qtbot, preview, paths):
    preview.hide()
    preview.set_images(paths)
    preview.set_config(TURNED)
    assert not preview._timer.isActive()
    preview.show()
    qtbot.waitUntil(lambda: shown(preview))


def test_unusable_images_are_passed_over_or_told(qtbot, preview, paths, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"rubbish")
    assert {row.name for row in made([bad, *paths[:3]])} == {"0.png", "1.png", "2.png"}
    preview.set_config(TURNED)
    preview.set_images([bad])
    qtbot.waitUntil(lambda: "can be read" in preview.message)


def test_first_tile_is_the_image_and_the_others_are_changed(paths):
    for row in made(paths):
        assert len(row.tiles) == 4
        assert all(tile.shape == (40, 40, 3) for tile in row.tiles)
        assert len({tile.tobytes() for tile in row.tiles}) == 4


def test_one_setting_more_keeps_the_images_and_their_turns(paths):
    plain, cut = made(paths), made(paths, replace(TURNED, cutout=0.2))
    assert [row.name for row in plain] == [row.name for row in cut]
    for one, other in zip(plain[0].tiles[1:], cut[0].tiles[1:], strict=True):
        assert (one == other).all(axis=2).mean() > 0.9


def test_mixup_blends_two_images(paths):
    mixed = made(paths[:2], TrainConfig(mixup=1.0))
    one, other = (row.tiles[0].astype(int) for row in mixed)
    for tile in mixed[0].tiles[1:]:
        low, high = np.minimum(one, other), np.maximum(one, other)
        assert ((tile >= low - 1) & (tile <= high + 1)).all()
    assert any(not np.array_equal(tile, one) for tile in mixed[0].tiles[1:])


def test_everything_has_a_name(preview):
    assert preview.accessibleName() == "Preview of augmentation"
    assert preview._tiles.accessibleName()
    (button,) = preview.findChildren(QPushButton)
    assert button.text() == "Other pictures"


def test_16_bit_images_are_read_with_the_bits_of_the_set(tmp_path):
    path = tmp_path / "dark.png"
    Image.fromarray(np.full((60, 60), 1000, np.uint16)).save(path)
    (alone,) = make_rows(replace(wanted([path]), num_rows=1), lambda: None)
    (in_set,) = make_rows(replace(wanted([path]), num_rows=1, sample_bits=12), lambda: None)
    middle = [tile[20, 20, 0] for tile in in_set.tiles]
    assert alone.tiles[0][20, 20, 0] > 240
    assert max(abs(value - 62) for value in middle) <= 1


def test_other_bits_show_other_pixels(qtbot, preview, tmp_path):
    path = tmp_path / "dark.png"
    Image.fromarray(np.full((60, 60), 1000, np.uint16)).save(path)
    preview.set_config(TURNED)
    preview.set_images([path])
    qtbot.waitUntil(lambda: shown(preview))
    before = pixels(preview)
    preview.set_sample_bits(12)
    qtbot.waitUntil(lambda: pixels(preview) != before)
