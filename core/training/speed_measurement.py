"""Measure how fast a backbone is on this computer, to predict how long a training takes."""

import io
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from PIL import Image

from core.backbones.backbone import Backbone
from core.data.pixels.decoder import decode_image
from core.errors import BackboneError, TrainingError
from core.features.extract import Extractor
from core.features.extractors import make_extractors
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import Event, Phase, RequestCancelled, SpeedMeasured
from core.messages.reporter import Reporter
from core.messages.requests import MeasureSpeedRequest
from core.runs.speed_record import record_speed, relative_tuning_cost, speed_key, speed_of
from core.settings.config import TrainConfig
from core.training.backbone_choice import choose_backbone, configure_tensorflow
from core.training.run_data import ChosenBackbone

_MEASURED_S = 1.5
_POLL_S = 0.1
# What a camera's images are made smaller to for a collection, and what the flowers have.
_IMAGE_SIZE = (500, 375)
_NUM_IMAGES = 8
# Of the fine-tuning.
_NUM_CLASSES = 5
_NUM_STEPS = 3


def measure_speed(
    request: MeasureSpeedRequest, send: Callable[[Event], None], control: RunControl
) -> None:
    """Measure, record and send a backbone's rates; `RequestCancelled` when stopped.

    Raises:
        BackboneError: If the backbone can't be used.
        StorageError: If the record can't be written.
    """
    # TensorFlow gets all cores then, as a fine-tuning has them.
    config, reporter = replace(request.config, fine_tune=True), Reporter(send)
    try:
        chosen = choose_backbone(config, reporter, control)
        control.checkpoint()
        reporter.start_phase(Phase.MEASURING_SPEED)
        rate = _extraction_rate(chosen, config, control.checkpoint)
        configure_tensorflow(config)
        fine_tuning = _fine_tuning_rate(chosen.backbone, config, control.checkpoint)
    except StopRequestedError:
        send(RequestCancelled())
        return
    before = speed_of(*config.backbones, image_size=config.image_size)
    known = before.fine_tuning_images_per_s
    if fine_tuning is not None:
        known = fine_tuning * relative_tuning_cost(config.fine_tune_fraction)
    key = speed_key(config.backbones, config.image_size)
    record_speed(
        key,
        replace(before, images_per_s=rate, fine_tuning_images_per_s=known),
    )
    send(SpeedMeasured(key, rate, fine_tuning))


def _extraction_rate(
    chosen: ChosenBackbone, config: TrainConfig, check: Callable[[], None]
) -> float:
    """Measure images a second from encoded file to feature vector, as in a training."""
    extractors = make_extractors(chosen.backbone, gpu=chosen.gpu)
    contents = _made_up_images()
    size = chosen.backbone.info.input_size
    clock = _Clock(len(extractors))

    def work(extractor: Extractor) -> int:
        def batch() -> None:
            chosen = itertools.islice(itertools.cycle(contents), extractor.batch_size)
            pixels = [
                decode_image(content, size=size, resize_mode=config.resize_mode)
                for content in chosen
            ]
            extractor(np.stack(pixels))

        try:
            batch()  # the first one takes longer
            clock.begin()
            count = 0
            while not clock.is_over():
                batch()
                count += extractor.batch_size
        except BaseException:
            clock.give_up()
            raise
        return count

    with ThreadPoolExecutor(len(extractors), "speed") as pool:
        threads = [pool.submit(work, extractor) for extractor in extractors]
        try:
            while not all(thread.done() for thread in threads):
                check()
                time.sleep(_POLL_S)
        except BaseException:
            clock.give_up()
            raise
        errors = [error for thread in threads if (error := thread.exception()) is not None]
        # Threads that waited for one that failed only say that it never came.
        errors.sort(key=lambda error: isinstance(error, threading.BrokenBarrierError))
        if errors:
            raise errors[0]
        return sum(thread.result() for thread in threads) / clock.seconds


def _fine_tuning_rate(
    backbone: Backbone, config: TrainConfig, check: Callable[[], None]
) -> float | None:
    """Measure images trained on a second, with the settings' batch size and layers.

    Noise serves for images: the arithmetic takes as long. Decoding is left out, since it goes
    on beside the steps.

    Args:
        check: Called between steps; what it raises ends the measurement.

    Returns:
        None if the backbone can't be fine-tuned here.
    """
    # Imported here: they load TensorFlow, which is ready by now.
    from core.training.fine_tuning_stage import make_fine_tuning_steps
    from core.training.head import initial_weights
    from core.training.pixel_batches import PixelBatch

    feature_dim = backbone.info.feature_dim
    layers = initial_weights(feature_dim, config.hidden_units, _NUM_CLASSES, config.seed)
    random = np.random.default_rng(0)
    shape = (config.batch_size, *backbone.info.input_size, 3)
    batch = PixelBatch(
        random.integers(0, 256, shape, np.uint8),
        np.eye(_NUM_CLASSES, dtype=np.float32)[np.arange(config.batch_size) % _NUM_CLASSES],
        np.ones(config.batch_size, np.float32),
    )
    try:
        steps = make_fine_tuning_steps(backbone, layers, config)
        check()
        steps.run(batch, 0.0, 0)  # the first one makes the graph
        times = []
        for step in range(1, _NUM_STEPS + 1):
            check()
            start = time.monotonic()
            steps.run(batch, 0.0, step)
            times.append(time.monotonic() - start)
    except (BackboneError, TrainingError):
        return None
    return config.batch_size / float(np.median(times))


class _Clock:
    """Starts once all threads are ready; tells when enough is measured.

    Args:
        num_threads: That call `begin`.
    """

    def __init__(self, num_threads: int) -> None:
        self._ready = threading.Barrier(num_threads, self._start)
        self._given_up = threading.Event()
        self._began = self._ended = 0.0

    @property
    def seconds(self) -> float:
        """From the start until the last thread asked whether it is over and was told so."""
        return max(self._ended - self._began, 1e-6)

    def begin(self) -> None:
        """Wait for the other threads."""
        self._ready.wait()

    def is_over(self) -> bool:
        """Return whether a thread should end."""
        now = time.monotonic()
        is_over = now - self._began >= _MEASURED_S or self._given_up.is_set()
        if is_over:
            self._ended = max(self._ended, now)
        return is_over

    def give_up(self) -> None:
        """Let all threads end soon."""
        self._given_up.set()
        self._ready.abort()

    def _start(self) -> None:
        self._began = time.monotonic()


def _made_up_images() -> list[bytes]:
    """Make JPEG files as large as photos': soft shapes with some grain."""
    random = np.random.default_rng(0)
    contents = []
    for _ in range(_NUM_IMAGES):
        shapes = Image.fromarray(random.integers(0, 255, (8, 8, 3), np.uint8))
        image = np.asarray(shapes.resize(_IMAGE_SIZE, Image.Resampling.BICUBIC), np.int16)
        grain = random.integers(-12, 13, image.shape, np.int16)
        pixels = np.clip(image + grain, 0, 255).astype(np.uint8)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=85)
        contents.append(file.getvalue())
    return contents
