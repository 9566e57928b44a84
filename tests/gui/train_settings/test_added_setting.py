import json
import os
import subprocess
import sys

from tests.program import CHECKOUT


def test_a_record_is_all_that_a_new_setting_takes():
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.train_settings.added_setting_program"],
        cwd=CHECKOUT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    note, seen = done.stderr, json.loads(done.stdout.splitlines()[-1])
    assert "--sharpness has no effect without --fine-tune" in note
    assert seen == {
        "option": 0.5,
        "json": 0.25,
        "preset": 0.5,
        "texts": ["Sharpness", "Largest change of sharpness, as a fraction.", "0.25"],
        "typed": 0.75,
        "idle": "No effect: no GPU was found on this computer.",
        "fault": "Sharpness must be from 0 to below 1.",
    }
