"""`make screenshots`: images of the real window with a real training, for the documentation.

Usage: python -m tests.window.screenshots [--check-sizes FOLDER]

Each colour scheme gets a process of its own, without a screen. Only the sample images appear.
`--check-sizes` writes to FOLDER instead, at the smallest size the window must be usable in, also in
a made-up language, and at twice the scale, for people to look at.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from core.storage.app_dirs import data_dir
from gui.look import language
from tests.pseudo_language import make_pseudo_language
from tests.window.right_click_images import take_right_click_images

_ROOT = Path(__file__).resolve().parents[2]
_DOCS = _ROOT / "docs" / "screenshots"
_SCHEMES = ("light", "dark")
_SIZE = (1280, 800)
_SMALL_SIZE = (1024, 640)
# Of those to export as: without NVIDIA's, which not every computer can make.
_NUM_FORMATS = 6


def main() -> None:
    parser = argparse.ArgumentParser(description="Take pictures of the window.")
    parser.add_argument("--check-sizes", type=Path, metavar="FOLDER")
    parser.add_argument("--pseudo-language", action="store_true")
    parser.add_argument("--one", nargs=4, metavar=("SCHEME", "WIDTH", "HEIGHT", "FOLDER"))
    arguments = parser.parse_args()
    if arguments.one is not None:
        scheme, width, height, folder = arguments.one
        with tempfile.TemporaryDirectory() as languages:
            if arguments.pseudo_language:
                make_pseudo_language(Path(languages))
                language.LANGUAGES = Path(languages)
            _take(scheme, (int(width), int(height)), Path(folder))
    elif arguments.check_sizes is not None:
        for scheme in _SCHEMES:
            _take_in_process(scheme, _SMALL_SIZE, arguments.check_sizes / "small")
            _take_in_process(scheme, _SIZE, arguments.check_sizes / "scale-2", scale=2)
        _take_in_process("light", _SMALL_SIZE, arguments.check_sizes / "pseudo", is_pseudo=True)
    else:
        for scheme in _SCHEMES:
            _take_in_process(scheme, _SIZE, _DOCS)
        take_right_click_images(_DOCS)
        for path in _DOCS.glob("*.png"):
            _make_small(path)


def _take_in_process(
    scheme: str, size: tuple[int, int], folder: Path, scale: int = 1, *, is_pseudo: bool = False
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.window.screenshots", "--one", scheme]
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "FIELDGUIDE_HOME": home,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": str(scale),
        }
        if is_pseudo:
            command.insert(3, "--pseudo-language")
        subprocess.run([*command, *map(str, size), folder], check=True, env=environment, cwd=_ROOT)


def _take(scheme: str, size: tuple[int, int], folder: Path) -> None:
    """Walk through the window and save each page; runs in a process of its own."""
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QComboBox, QPushButton, QScrollArea, QToolButton

    from core.export.formats.format import export_formats
    from core.settings.presets import Preset, apply_preset
    from gui.backbones.backbone_dialog import BackboneDialog
    from gui.camera import camera_controller
    from gui.look.theme import SchemeChoice
    from gui.project.settings import Settings
    from gui.quick.quick_controller import QuickController
    from gui.quick.quick_window import QuickWindow
    from resources import resource_path
    from tests.shown_camera import ShownCamera
    from tests.window.drive import Drive, Steps, drive

    Settings().scheme = SchemeChoice(scheme)
    # Not from the checkout: the image would show somebody's folders.
    sample = data_dir() / "sample"
    shutil.copytree(resource_path("sample"), sample)

    def walk(drive: Drive) -> Steps:
        window = drive.window
        window.resize(*size)

        def save(name: str) -> None:
            assert window.grab().save(str(folder / f"{name}-{scheme}.png"))

        yield drive.pause(0.5)
        save("empty")
        drive.drop(sample)
        yield lambda: drive.num_images > 0 and not drive.is_busy
        yield drive.pause(1)
        yield lambda: not drive.is_busy
        save("images")
        drive.show_page("Train")
        drive.start_training()
        yield lambda: drive.runs_finished == 1
        yield drive.pause(1)
        save("train")
        form = drive.fieldguide.train_page.form
        form.set_config(
            replace(
                apply_preset(Preset.THOROUGH, form.config()),
                fine_tune_epochs=3,
                fine_tune_fraction=0.2,
                augmented_versions=0,
            )
        )
        drive.fieldguide.training.start()
        yield lambda: drive.runs_finished == 2
        drive.find(QToolButton, "Augmentation").setChecked(True)
        yield drive.pause(2)
        drive.find(QScrollArea, "Settings").ensureWidgetVisible(form.rows["rotation"])
        yield drive.pause(0.5)
        save("fine-tuning")
        drive.fieldguide.actions.backbones.trigger()
        yield lambda: drive.window.findChild(BackboneDialog) is not None
        dialog = drive.window.findChild(BackboneDialog)
        # This platform's screen is small, and the dialog keeps to it.
        dialog.resize(1104, 656)
        yield drive.pause(2)
        assert dialog.grab().save(str(folder / f"backbones-{scheme}.png"))
        dialog.close()
        drive.show_page("Results")
        yield drive.pause(2)
        save("results")
        drive.show_page("Classify")
        images = sorted(sample.glob("*/*_0[0-3].jpg"))
        drive.fieldguide.classify_page.classify(images)
        yield drive.pause(3)
        save("classify")
        camera = ShownCamera()
        camera_controller.make_camera_source = lambda: camera
        drive.fieldguide.classify_page.show_camera()
        for _ in range(30):
            camera.show(QImage(str(images[-1])))
            yield drive.pause(0.05)
        drive.find(QComboBox, "Class of the pictures taken").setCurrentText("gravel")
        save("camera")
        drive.fieldguide.classify_page.hide_camera()
        drive.show_page("Export")
        page = drive.fieldguide.export_page
        yield lambda: page.has_model
        page.cards.choose(export_formats()[:_NUM_FORMATS])
        drive.find(QPushButton, "Export model").click()
        yield lambda: not drive.fieldguide.exports.controller.is_running
        yield drive.pause(1)
        save("export")
        quick_window = QuickWindow()
        quick = QuickController(quick_window)
        quick.choose_model("")
        quick.add(images)
        quick_window.show()
        yield drive.pause(3)
        assert quick_window.grab().save(str(folder / f"quick-{scheme}.png"))
        quick.close()
        quick_window.close()

    drive(walk)


def _make_small(path: Path) -> None:
    """With 256 colours: a third of the size, and nobody sees it."""
    with Image.open(path) as image:
        whole = image.convert("RGB")
    whole.quantize(256, Image.Quantize.MEDIANCUT).save(path, optimize=True)


if __name__ == "__main__":
    main()
