import subprocess
import sys
import threading

import pytest

from core.handover.instance_lock import InstanceLock
from tests.conftest import CHECKOUT

HOLDER = (
    "import sys; from core.handover.instance_lock import InstanceLock;"
    "print(InstanceLock.try_take(sys.argv[1]) is not None, flush=True); sys.stdin.read()"
)


def test_one_at_a_time_has_it(tmp_path):
    address = str(tmp_path / "a")
    lock = InstanceLock.try_take(address)
    assert lock is not None
    assert InstanceLock.try_take(address) is None
    lock.release()
    assert InstanceLock.try_take(address) is not None


def test_another_thread_can_let_go(tmp_path):
    address = str(tmp_path / "a")
    lock = InstanceLock.try_take(address)
    assert lock is not None
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    assert InstanceLock.try_take(address) is not None


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        InstanceLock.try_take(str(tmp_path / "file" / "a"))


def test_a_killed_process_lets_go(tmp_path):
    address = str(tmp_path / "a")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, address],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "True\n"
        assert InstanceLock.try_take(address) is None
        holder.kill()
        holder.wait()
        assert InstanceLock.try_take(address) is not None
