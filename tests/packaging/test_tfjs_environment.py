"""How the TensorFlow.js environment is made, with a pretended pip and npm. CI makes it really."""

import fcntl
import hashlib
import io
import os
import runpy
import subprocess
import sys
import tarfile
import textwrap
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "packaging" / "tfjs"
# Its pip makes an empty package; all else is the real one's.
PYTHON = """\
    #!/bin/bash
    case "$*" in
      "-m pip --version") echo pip 99 ;;
      "-m pip"*)
        echo "$*" >>"$LOG"
        if [ -n "$PIP_SAYS" ]; then echo "$PIP_SAYS"; exit 1; fi
        while [ "$1" != --target ]; do shift; done
        mkdir -p "$2/tensorflowjs"
        ;;
      *) exec {real} "$@" ;;
    esac
"""
NPM = """\
    #!/bin/bash
    [ "$1" = --version ] && { echo 99; exit; }
    echo "$*" >>"$LOG"
    if [ -n "$NPM_SAYS" ]; then echo "$NPM_SAYS"; exit 1; fi
    while [ "$1" != --pack-destination ]; do shift; done
    cp "$NPM_HAS"/*.tgz "$2/"
"""
FILES = {
    "tensorflow-tfjs-4.22.0.tgz": ["tf.min.js", "tf.js"],
    "tensorflow-tfjs-backend-wasm-4.22.0.tgz": [
        "tf-backend-wasm.min.js",
        "tfjs-backend-wasm-simd.wasm",
    ],
}


def write_program(path: Path, content: str) -> None:
    path.write_text(textwrap.dedent(content).replace("{real}", sys.executable))
    path.chmod(0o755)


def write_package(path: Path, names: list[str]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            entry = tarfile.TarInfo(f"package/dist/{name}")
            entry.size = len(name)
            archive.addfile(entry, io.BytesIO(name.encode()))


@pytest.fixture
def made(tmp_path):
    """Calls a copy of the script that expects the pretended packages."""
    checkout = tmp_path / "checkout"
    script = checkout / "packaging" / "tfjs" / "make_environment.sh"
    script.parent.mkdir(parents=True)
    (checkout / "LICENSE").write_text("Apache License")
    packages, tools = tmp_path / "packages", tmp_path / "tools"
    packages.mkdir()
    tools.mkdir()
    for path in (*FOLDER.iterdir(), FOLDER.parent / "environment_folder.sh"):
        if path.is_file():
            copied = checkout / path.relative_to(CHECKOUT)
            copied.write_text(path.read_text())
    unpack = script.parent / "unpack.py"
    source = unpack.read_text()
    published = runpy.run_path(str(FOLDER / "unpack.py"))["PACKAGES"]
    for name, names in FILES.items():
        write_package(packages / name, names)
        own = hashlib.sha256((packages / name).read_bytes()).hexdigest()
        source = source.replace(published[name][0], own)
    unpack.write_text(source)
    write_program(tmp_path / "python-of-mine", PYTHON)
    write_program(tools / "npm", NPM)
    log = tmp_path / "log"

    def environment(**variables):
        own = {"PYTHON": str(tmp_path / "python-of-mine"), "LOG": str(log)}
        path = {"PATH": f"{tools}:{os.environ['PATH']}", "NPM_HAS": str(packages)}
        return os.environ | path | own | variables

    def call(*arguments, **variables):
        log.write_text("")
        done = subprocess.run(
            ["bash", script, *arguments],
            env=environment(**variables),
            capture_output=True,
            text=True,
            check=False,
        )
        return done, log.read_text()

    call.environment, call.tools, call.folder = environment, tools, tmp_path / "made"
    call.script, call.packages = script, packages
    return call


def test_one_call_makes_it_and_the_next_finds_it(made):
    done, asked = made(made.folder)
    assert done.returncode == 0, done.stderr
    assert "--no-deps" in asked
    assert "--require-hashes" in asked
    assert "@tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0" in asked
    assert sorted(path.name for path in (made.folder / "javascript").iterdir()) == [
        "LICENSE-tensorflow.js.txt",
        "tf-backend-wasm.min.js",
        "tf.min.js",
        "tfjs-backend-wasm-simd.wasm",
    ]
    assert (made.folder / "python" / "tensorflowjs").is_dir()
    assert not (made.folder / "tmp").exists()
    again, asked = made(made.folder)
    assert (again.returncode, asked) == (0, "")
    assert "is made" in again.stderr


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"PIP_SAYS": "Temporary failure in name resolution"}, "PIP_INDEX_URL"),
        ({"NPM_SAYS": "npm error code ENOTFOUND"}, "npm_config_registry"),
        ({"PIP_SAYS": "[Errno 28] No space left on device"}, "is full. Make room"),
        ({"NPM_SAYS": "npm error code ENOSPC"}, "is full. Make room"),
        ({"NPM_SAYS": "npm error odd"}, "npm failed; its last words were:\nnpm error odd"),
    ],
)
def test_trouble_is_explained_and_half_an_environment_is_made_again(made, said, message):
    done, _ = made(made.folder, **said)
    assert done.returncode == 1
    assert message in done.stderr
    assert ".log" in done.stderr
    again, asked = made(made.folder)
    assert again.returncode == 0
    assert "--no-deps" in asked


def test_a_package_that_is_not_the_published_one_is_refused(made):
    write_package(made.packages / "tensorflow-tfjs-4.22.0.tgz", ["tf.min.js", "more"])
    done, _ = made(made.folder)
    assert done.returncode == 1
    assert "tensorflow-tfjs-4.22.0.tgz is not the package that was published" in done.stderr
    assert not (made.folder / ".made_from").exists()


def test_without_npm_it_says_how_to_get_it(made):
    write_program(made.tools / "npm", "#!/bin/sh\nexit 127\n")
    done, asked = made(made.folder)
    assert done.returncode == 1
    assert "Install Node.js 18 or later with npm" in done.stderr
    assert asked == ""
    assert not made.folder.exists()


def test_without_pip_it_says_how_to_get_it(made):
    done, _ = made(made.folder, PYTHON="/bin/false")
    assert done.returncode == 1
    assert "is installed with pip, which none of these has: /bin/false." in done.stderr


def test_too_small_a_disk_is_noticed_first(made):
    write_program(made.tools / "df", "#!/bin/sh\necho Filesystem\necho /dev/x 9 9 20480 9% /\n")
    done, asked = made(made.folder)
    assert done.returncode == 1
    assert f"{made.folder} has 20 MiB free, making the TensorFlow.js environment needs 100" in (
        done.stderr
    )
    assert asked == ""


def test_a_folder_with_other_files_is_left_alone(made, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    done, asked = made(tmp_path / "photos")
    assert done.returncode == 1
    assert "holds other files" in done.stderr
    assert asked == ""


def test_a_second_call_waits_for_the_first(made):
    made.folder.mkdir()
    (made.folder / ".fieldguide-tfjs").touch()
    with (made.folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(
            ["bash", made.script, made.folder],
            env=made.environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert "waiting for it" in process.stderr.readline()
        assert not (made.folder / "python").exists()
        fcntl.flock(lock, fcntl.LOCK_UN)
        _, errors = process.communicate()
    assert process.returncode == 0, errors
    assert (made.folder / "javascript" / "tf.min.js").is_file()
