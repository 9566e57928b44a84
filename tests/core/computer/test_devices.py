import stat

import pytest

from core.computer import devices as computer_devices
from core.computer.devices import ComputerDevice, DeviceKind, gpus_from_query, list_devices
from core.computer.processor import num_cores

MEBIBYTE = 1 << 20


def test_the_processor_comes_first_with_its_cores_and_memory():
    processor = list_devices()[0]
    assert processor.kind is DeviceKind.CPU
    assert processor.name
    assert processor.cores == num_cores()
    assert processor.memory_total is None or processor.memory_total > processor.memory_used > 0


def test_gpus_are_read_from_the_answer_of_the_driver():
    answer = "NVIDIA H100, 80 GB, 81559, 12\nTesla K80, [N/A], [N/A]\n\nnonsense\n"
    assert gpus_from_query(answer) == [
        ComputerDevice("NVIDIA H100, 80 GB", DeviceKind.GPU, 81559 * MEBIBYTE, 12 * MEBIBYTE),
        ComputerDevice("Tesla K80", DeviceKind.GPU, None, None),
    ]


@pytest.fixture
def query_program(monkeypatch, tmp_path):
    """Puts a program of that name in the place of the driver's."""

    def make(script):
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(computer_devices.shutil, "which", lambda _name: str(program))

    return make


def test_the_driver_is_asked_for_gpus(query_program):
    query_program("echo 'NVIDIA T4, 15360, 100'")
    assert list_devices()[1:] == [
        ComputerDevice("NVIDIA T4", DeviceKind.GPU, 15360 * MEBIBYTE, 100 * MEBIBYTE)
    ]


@pytest.mark.parametrize("script", ["exit 9", "sleep 5"], ids=["fails", "hangs"])
def test_a_driver_that_does_not_answer_is_no_gpu(query_program, monkeypatch, script):
    monkeypatch.setattr(computer_devices, "_TIMEOUT_S", 0.2)
    monkeypatch.setattr(computer_devices, "_gpus_of_driver", lambda _folder: [])
    query_program(script)
    assert len(list_devices()) == 1


def test_the_kernel_knows_gpus_too(tmp_path):
    (tmp_path / "0000:01:00.0").mkdir()
    (tmp_path / "0000:01:00.0" / "information").write_text("Model: \t\t NVIDIA L4\nIRQ: 7\n")
    assert computer_devices._gpus_of_driver(tmp_path) == [
        ComputerDevice("NVIDIA L4", DeviceKind.GPU)
    ]


def test_names_of_processors_are_shortened(tmp_path):
    file = tmp_path / "cpuinfo"
    file.write_text("processor : 0\nmodel name\t: Intel(R) Xeon(R) CPU @ 2.20GHz\n")
    assert computer_devices._processor_name(file) == "Intel Xeon"
