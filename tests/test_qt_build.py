"""The Qt binding holds out."""

import subprocess
import sys

# PySide6 6.12.0 on Python 3.11 loses a reference to None with each call that returns
# nothing, and the interpreter aborts after some 5,300 of them.
MANY_VOID_CALLS = """
from PySide6.QtCore import QObject
thing = QObject()
for number in range(20_000):
    thing.setObjectName("name")
print("still here")
"""


def test_many_calls_that_return_nothing_are_survived():
    done = subprocess.run(
        [sys.executable, "-c", MANY_VOID_CALLS], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "still here\n"), done.stderr
