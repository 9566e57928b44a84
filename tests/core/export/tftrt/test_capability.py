"""What is missing for TF-TRT is said in words, with what to do about it."""

from importlib import metadata
from pathlib import Path

import pytest

from core.export.tftrt.capability import check_tftrt, find_tftrt_python
from core.messages.control import Command, RunControl, StopRequestedError

SOUND = {
    "python": "3.11.7",
    "tensorflow": "2.17.1",
    "linked_tensorrt": "8.6.1",
    "has_tensorrt": True,
    "missing": [],
    "loaded_tensorrt": "8.6.1",
    "gpus": [["NVIDIA L4", 8, 9]],
    "has_nvidia_device": True,
    "missing_cuda": [],
}


@pytest.fixture
def check(fake_python):
    """Checks a Python that tells the facts of a sound one, but for those given."""

    def run(then="", **facts):
        return check_tftrt(fake_python([SOUND | facts], then), RunControl())

    return run


@pytest.fixture
def no_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("FIELDGUIDE_TFTRT_PYTHON", raising=False)
    monkeypatch.setenv("FIELDGUIDE_TFTRT_HOME", str(tmp_path / "none"))
    return tmp_path / "none"


def test_a_sound_one_has_no_problems(check):
    found = check()
    assert (found.problems, found.notes) == ((), ())
    assert found.can_convert
    assert found.can_run
    assert found.gpus == ("NVIDIA L4 (compute capability 8.9)",)
    assert found.tensorflow == "2.17.1"


def test_no_environment_names_the_command_that_makes_one(no_environment):
    found = check_tftrt(find_tftrt_python(None), RunControl())
    assert not found.can_convert
    assert "make tftrt" in found.problems[0]
    assert "FIELDGUIDE_TFTRT_PYTHON" in found.problems[0]


def test_a_missing_interpreter_is_named(tmp_path):
    (problem,) = check_tftrt(tmp_path / "gone", RunControl()).problems
    assert f"{tmp_path / 'gone'}, does not exist" in problem


def test_a_file_that_cannot_be_run_is_no_interpreter(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("hello")
    (problem,) = check_tftrt(file, RunControl()).problems
    assert f"{file} can't be run as a Python" in problem


def test_a_broken_program_is_no_interpreter(tmp_path):
    file = tmp_path / "python"
    file.write_bytes(b"\x7fELF but not really")
    file.chmod(0o755)
    (problem,) = check_tftrt(file, RunControl()).problems
    assert f"{file} can't be run as a Python" in problem


def test_another_program_is_no_interpreter(fake_python):
    (problem,) = check_tftrt(fake_python(then="echo usage: cat"), RunControl()).problems
    assert "can't be run as a Python" in problem
    assert "Last output: usage: cat." in problem


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"tensorflow": ""}, "has no TensorFlow. Make an environment with: make tftrt"),
        ({"tensorflow": "2.18.0"}, "TensorFlow 2.18.0, which has no TensorRT in it"),
        ({"linked_tensorrt": ""}, "was built without TensorRT"),
        (
            {"has_tensorrt": False, "missing": ["libnvinfer.so.8.6.1"]},
            "missing: libnvinfer.so.8.6.1. Install TensorRT 8.6.1",
        ),
        ({"loaded_tensorrt": "8.5.3"}, "TensorRT 8.5.3 was loaded"),
        ({"loaded_tensorrt": "10.0.1"}, "they don't work together"),
    ],
    ids=["no TensorFlow", "too new", "built without", "no library", "minor", "major"],
)
def test_what_prevents_a_conversion_is_said(check, facts, words):
    found = check(**facts)
    assert words in " ".join(found.problems)
    assert not found.can_convert
    assert not found.can_run


def test_an_older_patch_level_is_a_note(check):
    found = check(loaded_tensorrt="8.6.0")
    assert found.can_convert
    assert found.problems == ()
    assert "refusal of an older last digit is lifted" in found.notes[0]


def test_without_a_gpu_it_converts_and_says_what_it_cannot(check):
    found = check(gpus=[], has_nvidia_device=False)
    assert (found.can_convert, found.can_run) == (True, False)
    assert "There is no NVIDIA GPU here." in found.problems[0]
    assert "engines can't be built or run and INT8 can't be calibrated." in found.problems[0]


def test_a_gpu_without_its_libraries_names_them(check):
    found = check(gpus=[], missing_cuda=["libcufft.so.11"])
    assert (found.can_convert, found.can_run) == (True, False)
    assert "can't use; missing: libcufft.so.11" in found.problems[0]


def test_a_gpu_newer_than_it_knows_is_pointed_to_engines(check):
    found = check(gpus=[["NVIDIA B200", 10, 0]])
    assert (found.can_convert, found.can_run) == (True, False)
    assert "Export a TensorRT engine instead" in found.problems[0]


def test_an_abort_is_a_finding(fake_python):
    python = fake_python(
        [{"python": "3.11.7"}, {"tensorflow": "2.17.1"}, {"asking": "importing TensorFlow"}],
        then="echo getInferLibVersion symbol not found; kill -ABRT $$",
    )
    (problem,) = check_tftrt(python, RunControl()).problems
    assert "crashed with signal 6. Step: importing TensorFlow." in problem
    assert "Last output: getInferLibVersion symbol not found." in problem


def test_an_exit_with_an_error_is_a_finding(check):
    found = check(then="exit 3", asking="importing TensorFlow")
    assert "ended with exit code 3. Step: importing TensorFlow." in found.problems[0]
    assert not found.can_convert


def test_a_hang_is_a_finding(fake_python, monkeypatch):
    monkeypatch.setattr("core.export.tftrt.capability._SILENCE_LIMIT_S", 0.2)
    python = fake_python([SOUND | {"asking": "importing TensorFlow"}], then="exec sleep 600")
    (problem,) = check_tftrt(python, RunControl()).problems
    assert "gave no sign of life" in problem
    assert "Step: importing TensorFlow." in problem


def test_what_tensorflow_always_logs_is_not_quoted(fake_python):
    noise = "E external/local_xla/cuda_fft.cc:485] Unable to register cuFFT factory: Attempting"
    python = fake_python([SOUND], then=f"echo out of memory; echo '{noise}'; exit 1")
    (problem,) = check_tftrt(python, RunControl()).problems
    assert "Last output: out of memory." in problem


def test_a_check_can_be_stopped(fake_python):
    control = RunControl()
    control.obey(Command.STOP)
    with pytest.raises(StopRequestedError):
        check_tftrt(fake_python(then="read line"), control)


def test_a_chosen_interpreter_goes_before_the_environment_variable(monkeypatch):
    monkeypatch.setenv("FIELDGUIDE_TFTRT_PYTHON", "/named/python")
    assert find_tftrt_python(Path("/chosen/python")) == Path("/chosen/python")
    assert find_tftrt_python(None) == Path("/named/python")


def test_the_running_interpreter_serves_if_its_tensorflow_is_old_enough(
    no_environment, monkeypatch, tmp_path
):
    monkeypatch.setattr(metadata, "version", lambda _name: "2.17.0")
    monkeypatch.setattr("sys.executable", "/running/python")
    assert find_tftrt_python(None) == Path("/running/python")


def test_the_environment_that_was_made_is_found(no_environment):
    assert find_tftrt_python(None) is None
    no_environment.mkdir()
    (no_environment / "python-tftrt").touch()
    assert find_tftrt_python(None) == no_environment / "python-tftrt"
