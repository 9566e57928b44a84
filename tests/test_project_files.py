"""What the project's own files promise: a checked lock, no traces of a machine, a tidy wheel."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.lock", "requirements-dev.lock"]
# In pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile("|".join(["/" + "root/", "/" + "work/", "/" + "tmp/w/"]))
PACKAGE_START = re.compile(r"^[a-z0-9]", re.MULTILINE)
HEAVY = {"torch", "torchvision", "jax", "jaxlib", "tensorflow-cpu"}


def tracked_files() -> list[Path]:
    if shutil.which("git") is None or not (CHECKOUT / ".git").exists():
        pytest.skip("the list of the project's files needs git and a checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    paths = (CHECKOUT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    [path] = folder.iterdir()
    return path


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_every_package_with_hashes(name):
    blocks = PACKAGE_START.split((CHECKOUT / name).read_text("utf-8"))[1:]
    assert blocks
    assert all("==" in block.splitlines()[0] and "--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_address_and_no_place(name):
    text = (CHECKOUT / name).read_text("utf-8")
    assert not re.findall(r".*(?:://|file:|--index|--extra-index|--find-links|@ ).*", text)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_no_second_deep_learning_library(name):
    names = set(re.findall(r"^([a-z0-9.-]+)==", (CHECKOUT / name).read_text("utf-8"), re.MULTILINE))
    assert not names & HEAVY


def test_locks_agree_where_both_name_a_package():
    pins = [
        dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (CHECKOUT / name).read_text("utf-8"), re.M))
        for name in LOCKS
    ]
    shared = pins[0].keys() & pins[1].keys()
    assert {name: pins[0][name] for name in shared} == {name: pins[1][name] for name in shared}


def test_no_file_names_a_folder_of_one_machine():
    found = []
    for path in tracked_files():
        text = path.read_text("utf-8", errors="ignore")
        found += [f"{path.relative_to(CHECKOUT)}: {hit}" for hit in MACHINE_PATHS.findall(text)]
    assert not found


def test_packaging_folder_does_not_hide_the_library_of_that_name():
    # A regular package wins over a folder without __init__.py, wherever on the path they lie.
    assert not (CHECKOUT / "packaging" / "__init__.py").exists()
    code = "import packaging.version; print(packaging.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert CHECKOUT / "packaging" not in Path(done.stdout.strip()).parents


@pytest.mark.slow
def test_wheel_has_one_name_at_its_top(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"fieldguide"}
    assert {"fieldguide/launcher.py", "fieldguide/main.py", "fieldguide/core/__init__.py"} <= {
        *names
    }


@pytest.mark.slow
def test_wheel_has_the_guide_with_its_images(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = """
import re, resources
for name in resources.GUIDE_FILES:
    path = resources.guide_path(name)
    print(path)
    for image in re.findall(r"!\\[[^\\]]*\\]\\(([^)]+)\\)", path.read_text("utf-8")):
        print(resources.guide_path(image))
"""
    place = tmp_path / "fieldguide"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = [Path(line) for line in run.stdout.splitlines()]
    assert len(found) > 10
    assert {path.is_relative_to(place / "resources" / "guide") for path in found} == {True}
    guide = (CHECKOUT / "docs" / "user-guide.md").read_bytes()
    assert (place / "resources" / "guide" / "user-guide.md").read_bytes() == guide


@pytest.mark.slow
def test_unpacked_wheel_starts_and_keeps_its_names_to_itself(wheel, tmp_path):
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    environment = os.environ | {"PYTHONPATH": str(site)}

    def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    started = run("from fieldguide.launcher import main; raise SystemExit(main())", "--help")
    assert started.returncode == 0, started.stderr
    assert "train" in started.stdout
    for name in ("core", "gui", "resources", "main"):
        assert "ModuleNotFoundError" in run(f"import {name}").stderr
