import os
import subprocess
import sys

import pytest

from core.settings.choices import Optimizer

STEPPING = [each for each in Optimizer if each.takes_steps]


@pytest.mark.slow
@pytest.mark.parametrize("kind", STEPPING)
def test_two_devices_that_see_equal_gradients_keep_equal_weights_and_averages(kind):
    command = [sys.executable, "-m", "tests.core.training.two_devices", kind]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1"}
    outcome = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert outcome.returncode == 0, outcome.stderr
    assert float(outcome.stdout.split()[-1]) < 1e-6
