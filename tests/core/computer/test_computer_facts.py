import platform

import pytest

from core.computer import computer_facts
from core.computer.computer_facts import ComputerFacts, this_computer
from core.computer.devices import ComputerDevice, DeviceKind
from core.computer.processor import num_cores

FACTS = ComputerFacts("Xeon", 4, 16 << 30, (("A100", 80 << 30), ("other", None)), "Linux 6 x86")


def test_this_computer_is_told():
    facts = this_computer([])
    assert facts.processor
    assert facts.cores == num_cores()
    assert facts.gpus == ()
    assert platform.machine() in facts.system


def test_the_memory_of_gpus_that_compute_is_that_of_the_driver(monkeypatch):
    devices = [
        ComputerDevice("Xeon", DeviceKind.CPU, 1000, 10, 4),
        ComputerDevice("A100", DeviceKind.GPU, 80),
        ComputerDevice("idle", DeviceKind.GPU, 8),
    ]
    monkeypatch.setattr(computer_facts, "list_devices", lambda: devices)
    facts = this_computer(["A100", "A100", "unknown"])
    assert facts.gpus == (("A100", 80), ("A100", 80), ("unknown", None))
    assert (facts.processor, facts.cores, facts.memory) == ("Xeon", 4, 1000)


def test_facts_are_the_same_after_json():
    assert ComputerFacts.from_json_dict(FACTS.to_json_dict()) == FACTS


@pytest.mark.parametrize(
    "wrong",
    [
        {"processor": 7},
        {"cores": True},
        {"cores": 0},
        {"memory_bytes": "much"},
        {"memory_bytes": -1},
        {"gpus": [{"name": None, "memory_bytes": 1}]},
        {"gpus": 7},
        {"system": []},
    ],
    ids=str,
)
def test_values_of_other_types_are_refused(wrong):
    with pytest.raises((ValueError, TypeError, KeyError)):
        ComputerFacts.from_json_dict(FACTS.to_json_dict() | wrong)


def test_an_endless_name_is_cut():
    facts = ComputerFacts.from_json_dict(FACTS.to_json_dict() | {"processor": "x" * 10_000})
    assert len(facts.processor) == 200
