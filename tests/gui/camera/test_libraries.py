"""Libraries that QtMultimedia can do without; see `gui.camera`."""

import subprocess
import sys

from tests.program import CHECKOUT

LOAD_ALL = """
from PySide6.QtWidgets import QApplication

from gui.camera.camera_source import CameraSource

application = QApplication([])
CameraSource().cameras()
"""


def test_a_library_that_is_not_needed_is_not_complained_about():
    done = subprocess.run(
        [sys.executable, "-c", LOAD_ALL], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "library" not in done.stderr
