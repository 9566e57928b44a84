"""What computes, and what is said where it isn't there."""

import pytest
import tensorflow as tf

from core.settings.choices import Device
from core.training.devices import has_gpu, lacking_device, make_strategy, report_device

if tf.config.list_physical_devices("GPU"):
    pytest.skip("this computer has a GPU; these tests are for one without", allow_module_level=True)


def test_no_gpu_is_told_only_where_one_was_asked_for():
    assert lacking_device(Device.AUTO) == ""
    assert lacking_device(Device.CPU) == ""
    no_gpu = "TensorFlow found no usable GPU; training runs on the CPU."
    assert lacking_device(Device.GPU) == lacking_device(Device.ALL_GPUS) == no_gpu


def test_one_device_needs_no_strategy_of_its_own():
    assert not has_gpu()
    assert make_strategy() is tf.distribute.get_strategy()
    assert make_strategy(["CPU:0"]) is tf.distribute.get_strategy()


def test_the_processor_is_reported_with_its_memory():
    report = report_device()
    assert report.name
    assert report.memory_total is None or 0 < report.memory_used < report.memory_total
