"""What comes with an export and builds its engines elsewhere, as far as a CPU lets it go."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.export.tftrt.capability import program_path
from core.export_spec.export_format import Precision
from core.models.predict_program import copy_predict_program
from tests.core.export.tftrt.conversions import run_tftrt_python
from tests.models import PHOTOS
from tests.odd_images import make_odd_images

pytestmark = pytest.mark.slow
# Where there is no GPU: engines are neither built nor run, everything around them is.
PRETEND = """
import sys
import run_tftrt
import tensorflow as tf
from tensorflow.python.compiler.tensorrt import trt_convert

run_tftrt.obstacle = lambda: ""
run_tftrt._NUM_TIMED = run_tftrt._NUM_WARM_UP = 1
run_tftrt._RATE_S = 0
trt_convert.TrtGraphConverterV2.build = lambda self, batches: print([len(b) for (b,) in batches()])
real = run_tftrt.classifier
run_tftrt.classifier = lambda path: real(path.with_name("native_saved_model"))
code = run_tftrt.main(sys.argv[1:])
model = tf.saved_model.load("saved_model_with_engines")
print(sorted(model.signatures))
sys.exit(code)
"""


@pytest.fixture
def export(converted, tmp_path):
    """The folder of an export, as far as this program looks at it."""
    shutil.copytree(converted.saved_model, tmp_path / "saved_model")
    shutil.copytree(converted.original, tmp_path / "native_saved_model")
    shutil.copyfile(program_path("run_tftrt.py"), tmp_path / "run_tftrt.py")
    copy_predict_program("tftrt.py", tmp_path)
    about = {"artifact": "saved_model", "input_size": [224, 224], "fit": "squash"}
    (tmp_path / "export.json").write_text(json.dumps(about))
    return tmp_path


def test_photographs_that_cannot_be_read_are_left_out_with_a_line(tmp_path):
    """In the folder of an export: its reader has modules that only lie there."""
    shutil.copyfile(program_path("run_tftrt.py"), tmp_path / "run_tftrt.py")
    copy_predict_program("tftrt.py", tmp_path)
    photos = tmp_path / "photos"
    make_odd_images(photos)
    code = (
        "import sys; sys.modules['imagecodecs'] = None\n"
        "import run_tftrt; from pathlib import Path\n"
        "about = {'input_size': [8, 8], 'fit': 'pad'}\n"
        "for paths in (['photos'], ['photos/web-page.jpg'], []):\n"
        "    pixels, origin = run_tftrt._pictures(about, [Path(path) for path in paths])\n"
        "    print(len(pixels), origin)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, *others = done.stdout.splitlines()
    num_read = int(first.split()[0])
    assert first == f"{num_read} {num_read} photographs"
    assert num_read > 10
    assert others == ["64 random numbers"] * 2
    left_out = done.stderr.splitlines()
    assert f"{Path('photos/empty.jpg')} is empty (0 bytes); it is left out." in left_out
    assert any("16-bit.png is of the format" in line for line in left_out)


def test_building_engines_without_a_gpu_is_refused_in_a_line(tftrt):
    if tftrt.can_run:
        pytest.skip("there is a GPU")
    done = run_tftrt_python(tftrt, program_path("run_tftrt.py"))
    assert done.returncode == 1
    assert "TensorFlow finds no NVIDIA GPU here." in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("converted", [Precision.FP16], ids=str, indirect=True)
def test_all_around_the_engines_works(export, tftrt, monkeypatch):
    monkeypatch.chdir(export)
    (export / "pretend.py").write_text(PRETEND)
    done = run_tftrt_python(tftrt, "pretend.py", "--batch-sizes", "1", "4", "--pictures", PHOTOS)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "[1, 4]" in lines
    assert lines[-1] == "['serving_bytes', 'serving_default']"
    assert any(line.startswith("pictures/s, batch 4") for line in lines)
    found = json.loads((export / "run_tftrt.json").read_text())
    assert (found["top1_agreement"], found["pictures"]) == (1.0, "3 photographs")
    assert set(found["native"]["images_per_s"]) == {"1", "4"}
