import os
import socket
import sys
from pathlib import Path

import pytest

from core.handover.place import Role, address_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes there have no folder")


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    folder = tmp_path / "r"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setattr("core.handover.place._LONGEST_ADDRESS", 1_000)
    return folder


def test_lies_in_the_runtime_folder(runtime):
    assert Path(address_of(Role.QUICK)).parent == runtime


def test_another_role_or_home_is_another_address(runtime, monkeypatch, tmp_path):
    first = {address_of(Role.QUICK), address_of(Role.MAIN)}
    monkeypatch.setenv("FIELDGUIDE_HOME", str(tmp_path))
    assert len(first | {address_of(Role.QUICK), address_of(Role.MAIN)}) == 4


def own_folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    return tmp_path / f"fieldguide-{os.getuid()}"


def test_without_a_runtime_folder_one_is_made_that_nobody_else_can_enter(
    runtime, monkeypatch, tmp_path
):
    own = own_folder(tmp_path, monkeypatch)
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert Path(address_of(Role.QUICK)).parent == own
    assert own.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_that_others_can_enter_is_passed_over(runtime, monkeypatch, tmp_path, mode):
    own = own_folder(tmp_path, monkeypatch)
    runtime.chmod(mode)
    assert Path(address_of(Role.QUICK)).parent == own


def test_a_link_is_passed_over(runtime, monkeypatch, tmp_path):
    own = own_folder(tmp_path, monkeypatch)
    own.symlink_to(runtime)
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert Path(address_of(Role.QUICK)).parent != own


def test_what_is_too_long_for_a_socket_is_passed_over(monkeypatch, tmp_path):
    long = tmp_path / ("long" * 30)
    long.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    with socket.socket(socket.AF_UNIX) as connection, pytest.raises(FileNotFoundError):
        connection.connect(address_of(Role.QUICK))
