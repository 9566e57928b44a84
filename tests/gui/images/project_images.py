"""Class folders, and what the page Images shows of them."""

import numpy as np
from PIL import Image


def make_class(folder, count, seed=0):
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for number in range(count):
        pixels = random.integers(0, 255, (24, 24, 3), np.uint8)
        Image.fromarray(pixels).resize((48, 48)).save(folder / f"{number:02}.png")


def add(qtbot, images, *sources):
    """Add and wait until the images were looked at."""
    with qtbot.waitSignal(images.busy_changed, check_params_cb=lambda text: text == ""):
        images.add(sources)


def classes(page):
    return {row.name: row.image_count for row in page.classes_model.rows}
