"""Head training a step, beside `tf_keras`'s `fit` on the same feature vectors."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from core.messages.control import RunControl
from core.messages.events import EpochFinished
from core.settings.config import TrainConfig

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_USE_LEGACY_KERAS"] = "1"

_NUM_IMAGES = 1600
_NUM_CLASSES = 2
_FEATURE_DIM = 1280
_BATCH = 10
_EPOCHS = 6
_ROUNDS = 3


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    import tensorflow as tf

    ours, keras = [], []
    for _ in range(_ROUNDS):
        # Each in a process of its own: ours sets TensorFlow's threads.
        ours.append(_in_own_process("ours"))
        keras.append(_in_own_process("keras"))
    own, reference = statistics.median(ours), statistics.median(keras)
    return [
        "| head on 1,280 features, batch 10 | µs a step |",
        "|---|---|",
        f"| Fieldguide, validation included | {own:.0f} |",
        f"| `tf_keras` {tf.__version__} `fit`, no validation | {reference:.0f} |",
        "",
        f"Ratio: **{reference / own:.1f}×** (target 6×).",
    ]


def _in_own_process(what: str) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.head", what]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(result.stdout.split()[-1])


def _data() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    classes = random.integers(0, _NUM_CLASSES, _NUM_IMAGES).astype(np.int32)
    vectors = np.abs(random.normal(size=(_NUM_IMAGES, _FEATURE_DIM))).astype(np.float32)
    vectors[:, :5] += classes[:, np.newaxis]
    return vectors, classes


def _ours() -> float:
    """Microseconds a step, the median of the epochs after the first."""
    from core.training.devices import configure_tensorflow
    from core.training.head_data import HeadData, steps_per_epoch
    from core.training.head_training import HeadTraining

    config = TrainConfig(epochs=_EPOCHS, batch_size=_BATCH, early_stopping_patience=0)
    configure_tensorflow(config)
    vectors, classes = _data()
    rows = np.arange(_NUM_IMAGES)
    times: list[float] = []

    def on_epoch(event: EpochFinished) -> None:
        times.append(event.seconds)

    with tempfile.TemporaryDirectory() as folder:
        training = HeadTraining(
            config,
            HeadData(vectors, classes, rows),
            HeadData(vectors, classes, rows[:200]),
            _NUM_CLASSES,
            Path(folder),
            RunControl(),
        )
        training.run(lambda _event: None, on_epoch)
    return 1e6 * statistics.median(times[1:]) / steps_per_epoch(_NUM_IMAGES, _BATCH)


def _keras() -> float:
    import tf_keras

    vectors, classes = _data()
    model = tf_keras.Sequential(
        [
            tf_keras.layers.Dropout(0.2),
            tf_keras.layers.Dense(
                _NUM_CLASSES,
                activation="softmax",
                kernel_regularizer=tf_keras.regularizers.l2(TrainConfig().l2),
            ),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    moments: list[float] = []
    clock = tf_keras.callbacks.LambdaCallback(
        on_epoch_end=lambda _epoch, _logs: moments.append(time.perf_counter())
    )
    model.fit(vectors, classes, batch_size=_BATCH, epochs=_EPOCHS, verbose=0, callbacks=[clock])
    times = np.diff(moments).tolist()
    return 1e6 * statistics.median(times) / (_NUM_IMAGES / _BATCH)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ours"]:
            print(_ours())
        case ["keras"]:
            print(_keras())
        case _:
            print("\n".join(main()))
