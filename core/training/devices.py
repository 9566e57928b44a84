"""The devices that TensorFlow computes on."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from core.computer.devices import list_devices
from core.messages.events import DeviceReported
from core.settings.choices import Device
from core.settings.config import TrainConfig
from core.text import Text

# A step of a single dense layer on one thread took about half the time that it took on two:
# handing work over costs more than it saves. Hidden layers and large batches are worth it.
_LARGEST_SINGLE_THREADED_BATCH = 256

_configured = False


def has_gpu() -> bool:
    """Return whether TensorFlow sees a GPU that it may use."""
    return bool(tf.config.get_visible_devices("GPU"))


def configure_tensorflow(config: TrainConfig) -> None:
    """Configure TensorFlow before it computes anything; later calls do nothing.

    GPU memory is taken as needed, not all at once. On a processor operations are deterministic,
    so that equal requests give equal weights, and the number of threads follows from the request
    alone for the same reason. A GPU has no deterministic kernel for some operations, such as
    gradients of depthwise convolutions, and would refuse them.
    """
    global _configured  # as TensorFlow's configuration is
    if _configured:
        return
    _configured = True
    gpus = tf.config.list_physical_devices("GPU")
    used = {Device.CPU: [], Device.ALL_GPUS: gpus}.get(config.device, gpus[:1])
    tf.config.set_visible_devices(used, "GPU")
    for gpu in used:
        tf.config.experimental.set_memory_growth(gpu, True)
    if used:
        return
    tf.config.experimental.enable_op_determinism()
    is_small = not config.hidden_units and config.batch_size <= _LARGEST_SINGLE_THREADED_BATCH
    if is_small and not config.fine_tune and not config.is_exact:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)


def lacking_device(device: Device) -> str:
    """Return a message if the requested device isn't there; "" if it is."""
    count = len(tf.config.get_visible_devices("GPU"))
    if device in (Device.GPU, Device.ALL_GPUS) and not count:
        return Text("TensorFlow found no usable GPU; training runs on the CPU.")
    if device is Device.ALL_GPUS and count == 1:
        return Text("TensorFlow found only one usable GPU; training runs on that one.")
    return ""


def make_strategy(devices: Sequence[str] = ()) -> Any:
    """Make the strategy that spreads training over devices.

    Args:
        devices: Logical devices such as `GPU:0`; none means all GPUs in use.

    Returns:
        A `tf.distribute.Strategy`: the default one for a single device.
    """
    chosen = list(devices) or [
        device.name.removeprefix("/device:") for device in tf.config.list_logical_devices("GPU")
    ]
    if len(chosen) < 2:
        return tf.distribute.get_strategy()
    return tf.distribute.MirroredStrategy(chosen)


def use_half_precision() -> None:
    """Have graphs that are made from now on compute in half precision where that is safe."""
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision": True})


def used_gpus() -> list[str]:
    """Return the names of the GPUs that TensorFlow uses."""
    return [
        str(tf.config.experimental.get_device_details(gpu).get("device_name", "GPU"))
        for gpu in tf.config.get_visible_devices("GPU")
    ]


def report_device() -> DeviceReported:
    """Report what computes, with its memory; that of all GPUs in use together."""
    processor, *known_gpus = list_devices()
    names = used_gpus()
    if not names:
        return DeviceReported(processor.name, processor.memory_used, processor.memory_total)
    name = names[0] if len(names) == 1 else f"{len(names)} × {names[0]}"
    used = sum(
        int(tf.config.experimental.get_memory_info(device.name.removeprefix("/device:"))["current"])
        for device in tf.config.list_logical_devices("GPU")
    )
    totals = [gpu.memory_total for gpu in known_gpus[: len(names)] if gpu.memory_total is not None]
    return DeviceReported(name, used, sum(totals) if len(totals) == len(names) else None)
