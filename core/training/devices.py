"""What TensorFlow computes on, and how."""

import tensorflow as tf

from core.config import TrainConfig

# A step of a single dense layer on one thread took about half the time that it took on two:
# handing work over costs more than it saves. Hidden layers and large batches are worth it.
_LARGEST_SINGLE_THREADED_BATCH = 256

_configured = False


def has_gpu() -> bool:
    """Whether TensorFlow sees a GPU."""
    return bool(tf.config.list_physical_devices("GPU"))


def configure_tensorflow(config: TrainConfig) -> None:
    """Settings that must be made before TensorFlow computes anything; later calls do nothing.

    GPU memory is taken as needed, not all at once. Operations are deterministic, so that equal
    requests give equal weights; the number of threads follows from the request alone for the
    same reason.
    """
    global _configured  # as TensorFlow's configuration is
    if _configured:
        return
    _configured = True
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)
    tf.config.experimental.enable_op_determinism()
    small = not config.hidden_units and config.batch_size <= _LARGEST_SINGLE_THREADED_BATCH
    if small and not has_gpu():
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
