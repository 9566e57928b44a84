"""Head training a step and a whole fit, beside `tf_keras` and scikit-learn on the same vectors."""

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
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_USE_LEGACY_KERAS"] = "1"
# As in the worker.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_NUM_IMAGES = 1600
_NUM_CLASSES = 2
_FEATURE_DIM = 1280
_BATCH = 10
_EPOCHS = 6
_ROUNDS = 3
# Of the whole fit: as many photographs as the flowers, at five classes.
_FIT_IMAGES, _FIT_VALIDATION = 3200, 400
_FIT_CLASSES = 5
_FIT_DIM = 1664
_KERAS_EPOCHS = 50


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
        "",
        *_whole_fits(),
    ]


def _whole_fits() -> list[str]:
    rows = []
    for what, name in (
        ("exact", "Fieldguide, exact: up to ten strengths, chosen by validation"),
        ("sklearn", "scikit-learn `LogisticRegression`, the same strengths in turn"),
        ("keras-fit", f"`tf_keras` `fit`, {_KERAS_EPOCHS} epochs of batch 32, one L2"),
    ):
        results = [_in_own_process(what) for _ in range(_ROUNDS)]
        rows.append(f"| {name} | {statistics.median(results):.1f} |")
    return [
        f"| whole fit, {_FIT_IMAGES:,} × {_FIT_DIM:,} features, {_FIT_CLASSES} classes | s |",
        "|---|---|",
        *rows,
    ]


def _in_own_process(what: str) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.head", what]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(result.stdout.split()[-1])


def _fit_data() -> tuple[np.ndarray, np.ndarray]:
    """Make vectors like a backbone's: not negative, correlated, of classes that overlap."""
    random = np.random.default_rng(0)
    count = _FIT_IMAGES + _FIT_VALIDATION
    classes = random.integers(0, _FIT_CLASSES, count).astype(np.int32)
    hidden = random.normal(size=(count, 64)) + 0.8 * random.normal(size=(_FIT_CLASSES, 64))[classes]
    vectors = hidden @ random.normal(size=(64, _FIT_DIM)) / 8
    vectors += 0.5 * random.normal(size=vectors.shape)
    return np.maximum(vectors, 0).astype(np.float32), classes


def _exact() -> float:
    """Seconds of a whole fit, from vectors to weights."""
    from core.training.devices import configure_tensorflow
    from core.training.exact_head import ExactHead
    from core.training.head_data import HeadData

    config = TrainConfig(optimizer=Optimizer.LBFGS, epochs=1000)
    configure_tensorflow(config)
    vectors, classes = _fit_data()
    rows = np.arange(len(vectors))
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        head = ExactHead(
            config,
            HeadData(vectors, classes, rows[:_FIT_IMAGES]),
            HeadData(vectors, classes, rows[_FIT_IMAGES:]),
            _FIT_CLASSES,
            Path(folder),
            RunControl(),
        )
        head.run(lambda _event: None, lambda _event: None)
        return time.perf_counter() - begin


def _sklearn() -> float:
    from sklearn.linear_model import LogisticRegression

    from core.training.penalty_path import STRENGTHS

    vectors, classes = _fit_data()
    training, validation = vectors[:_FIT_IMAGES], vectors[_FIT_IMAGES:]
    begin = time.perf_counter()
    centred = training - training.mean(axis=0)
    distance = float(np.square(centred).sum(axis=1).mean())
    model = LogisticRegression(warm_start=True, max_iter=1000)
    for strength in STRENGTHS:
        # Its loss is a sum, with half the squares; its penalty is for features as they come.
        model.C = 1 / (2 * _FIT_IMAGES * strength * distance)
        model.fit(training, classes[:_FIT_IMAGES])
        model.predict_proba(validation)
    return time.perf_counter() - begin


def _keras_fit() -> float:
    import tf_keras

    vectors, classes = _fit_data()
    penalty = tf_keras.regularizers.l2(TrainConfig().l2)
    layer = tf_keras.layers.Dense(_FIT_CLASSES, activation="softmax", kernel_regularizer=penalty)
    model = tf_keras.Sequential([layer])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    begin = time.perf_counter()
    model.fit(
        vectors[:_FIT_IMAGES],
        classes[:_FIT_IMAGES],
        batch_size=32,
        epochs=_KERAS_EPOCHS,
        validation_data=(vectors[_FIT_IMAGES:], classes[_FIT_IMAGES:]),
        verbose=0,
    )
    return time.perf_counter() - begin


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

    config = TrainConfig(
        optimizer=Optimizer.ADAM,
        epochs=_EPOCHS,
        batch_size=_BATCH,
        early_stopping_patience=0,
    )
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
        case ["exact"]:
            print(_exact())
        case ["sklearn"]:
            print(_sklearn())
        case ["keras-fit"]:
            print(_keras_fit())
        case _:
            print("\n".join(main()))
