"""How the TF-TRT environment is made, with a pretended Python and pip. CI makes the real one."""

import fcntl
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = CHECKOUT / "packaging" / "tftrt" / "make_environment.sh"
# It makes "environments" that hold itself, and "wheels" with empty libraries.
PYTHON = """\
    #!/bin/bash
    case "$1 $2" in
      "- http"*) [ "$INDEX_OF_NVIDIA" = answers ] ;;
      "- "*) (echo "import sys; sys.version_info = (3, 11, 0)"; cat) | {real} "$@" ;;
      "--version"*) echo Python 3.11.0 ;;
      "-m venv") mkdir -p "$3/bin/" && cp "$0" "$3/bin/python" ;;
      "-m pip")
        echo "$*" >>"$LOG"
        if [ -n "$PIP_SAYS" ]; then echo "$PIP_SAYS"; exit 1; fi
        while [ "$1" != --dest ] && [ $# -gt 0 ]; do shift; done
        [ $# -eq 0 ] || exec {real} "$WHEEL_MAKER" "$2"
        ;;
      *capability_program.py*) echo "judged: $*"; [ "$IT_CAN_CONVERT" != no ] ;;
      *) echo "LD_LIBRARY_PATH=$LD_LIBRARY_PATH $*" ;;
    esac
"""
WHEEL_MAKER = """\
    import pathlib, sys, zipfile
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir()
    with zipfile.ZipFile(folder / "tensorrt.whl", "w") as wheel:
        for name in ("libnvinfer.so.8", "libnvinfer_plugin.so.8", "__init__.py"):
            wheel.writestr("tensorrt/" + name, "")
"""


@pytest.fixture
def made(tmp_path):
    """Calls the script; what pip was asked comes with the outcome."""
    python = tmp_path / "python-of-mine"
    python.write_text(textwrap.dedent(PYTHON).replace("{real}", sys.executable))
    python.chmod(0o755)
    maker = tmp_path / "make_wheel.py"
    maker.write_text(textwrap.dedent(WHEEL_MAKER))
    tools = tmp_path / "tools"
    tools.mkdir()
    log = tmp_path / "pip"

    def environment(**variables):
        own = {"PYTHON": str(python), "WHEEL_MAKER": str(maker), "LOG": str(log)}
        path = {"PATH": f"{tools}:{os.environ['PATH']}"}
        return os.environ | path | own | variables

    def call(*arguments, **variables):
        log.write_text("")
        done = subprocess.run(
            ["bash", SCRIPT, "--no-gpu", *arguments],
            env=environment(**variables),
            capture_output=True,
            text=True,
            check=False,
        )
        return done, log.read_text()

    call.environment, call.tools, call.folder = environment, tools, tmp_path / "made"
    return call


def test_one_call_makes_it_and_the_next_finds_it(made):
    done, asked = made(made.folder)
    assert done.returncode == 0, done.stderr
    assert "requirements.txt" in asked
    assert "requirements-gpu.txt" not in asked
    assert "judged:" in done.stderr
    again, asked = made(made.folder)
    assert again.returncode == 0
    assert asked == ""
    assert "is made" in again.stderr


def test_libraries_have_the_names_that_tensorflow_opens(made):
    made(made.folder)
    for name in ("libnvinfer.so.8.6.1", "libnvinfer_plugin.so.8.6.1"):
        assert (made.folder / "tensorrt" / name).is_file()
    assert not (made.folder / "wheels").exists()


def test_the_wrapper_shows_where_the_libraries_are(made):
    made(made.folder)
    (made.folder / "venv/lib/python3.11/site-packages/nvidia/cudnn/lib").mkdir(parents=True)
    done = subprocess.run(
        [made.folder / "python-tftrt", "program.py"], capture_output=True, text=True, check=True
    )
    path, program = done.stdout.split()
    assert program == "program.py"
    folders = path.removeprefix("LD_LIBRARY_PATH=").split(":")
    assert folders[0] == str(made.folder / "tensorrt")
    assert folders[1].endswith("nvidia/cudnn/lib")


def test_the_older_tensorrt_is_taken_and_said_where_nvidia_is_out_of_reach(made):
    done, asked = made(made.folder)
    assert "tensorrt==8.6.0" in asked
    assert "Fieldguide lifts this one check" in done.stderr


def test_the_right_tensorrt_comes_from_nvidia(made):
    done, asked = made(made.folder, INDEX_OF_NVIDIA="answers")
    assert "--extra-index-url https://pypi.nvidia.com tensorrt-libs==8.6.1" in asked
    assert "8.6.0" not in asked + done.stderr


def test_libraries_for_computing_on_a_gpu_are_taken_when_asked_for(made):
    _, asked = made("--gpu", made.folder)
    assert "requirements-gpu.txt" in asked


@pytest.mark.parametrize(
    ("pip_says", "message"),
    [
        ("NewConnectionError: [Errno -3] Temporary failure in name resolution", "PIP_INDEX_URL"),
        ("OSError: [Errno 28] No space left on device", "is full. Make room"),
        ("ERROR: hash mismatch", "its last words were:\nERROR: hash mismatch"),
    ],
    ids=["no network", "no room", "something else"],
)
def test_trouble_of_pip_is_explained_and_half_an_environment_is_made_again(made, pip_says, message):
    done, _ = made(made.folder, PIP_SAYS=pip_says)
    assert done.returncode == 1
    assert message in done.stderr
    assert "pip.log" in done.stderr
    again, asked = made(made.folder)
    assert again.returncode == 0
    assert "requirements.txt" in asked


def test_an_environment_that_cannot_convert_does_not_count_as_made(made):
    done, _ = made(made.folder, IT_CAN_CONVERT="no")
    assert done.returncode == 1
    assert "can't convert: see above" in done.stderr
    _, asked = made(made.folder)
    assert "requirements.txt" in asked


def test_too_small_a_disk_is_noticed_first(made):
    df = made.tools / "df"
    df.write_text("#!/bin/sh\necho Filesystem\necho /dev/x 9 9 3145728 9% /\n")
    df.chmod(0o755)
    done, asked = made(made.folder)
    assert done.returncode == 1
    assert f"{made.folder} has 3 GiB free, the TF-TRT environment needs 6" in done.stderr
    assert asked == ""


def test_an_unfit_python_is_named(made, tmp_path):
    done, _ = made(made.folder, PYTHON="/bin/false")
    assert done.returncode == 1
    assert "PYTHON=/bin/false can't be used: TensorFlow 2.17.1 needs a Python 3.9 to 3.12" in (
        done.stderr
    )
    assert not made.folder.exists()


def test_a_folder_with_other_files_is_left_alone(made, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    done, asked = made(tmp_path / "photos")
    assert done.returncode == 1
    assert "holds other files" in done.stderr
    assert asked == ""


def test_a_second_call_waits_for_the_first(made):
    made.folder.mkdir()
    (made.folder / ".fieldguide-tftrt").touch()
    with (made.folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(
            ["bash", SCRIPT, "--no-gpu", made.folder],
            env=made.environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert "waiting for it" in process.stderr.readline()
        assert not (made.folder / "venv").exists()
        fcntl.flock(lock, fcntl.LOCK_UN)
        _, errors = process.communicate()
    assert process.returncode == 0, errors
    assert (made.folder / "python-tftrt").is_file()
