"""Classifies with MediaPipe's ImageClassifier, which knows nothing of this program.

    python mediapipe_program.py PICTURES.npy RESULT.json MODEL.tflite...

A process of its own: importing MediaPipe imports OpenCV, whose Qt and ours don't mix.
"""

import json
import sys

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import ImageClassifier, ImageClassifierOptions


def main(images_path: str, result_path: str, *models: str) -> None:
    images = np.load(images_path)
    found = {model: classified(model, images) for model in models}
    with open(result_path, "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(found, file)


def classified(model: str, images: np.ndarray) -> dict[str, list]:
    """Class names by index, and each image's scores in that order."""
    options = ImageClassifierOptions(base_options=BaseOptions(model_asset_path=model))
    scores = []
    with ImageClassifier.create_from_options(options) as classifier:
        for pixels in images:
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=pixels)
            (head,) = classifier.classify(image).classifications
            categories = sorted(head.categories, key=lambda category: category.index)
            names = [category.category_name for category in categories]
            scores.append([float(category.score) for category in categories])
    return {"names": names, "scores": scores}


if __name__ == "__main__":
    main(*sys.argv[1:])
