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


def main(pictures_path: str, result_path: str, *models: str) -> None:
    pictures = np.load(pictures_path)
    found = {model: classified(model, pictures) for model in models}
    with open(result_path, "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(found, file)


def classified(model: str, pictures: np.ndarray) -> dict[str, list]:
    """Class names by index, and each picture's scores in that order."""
    options = ImageClassifierOptions(base_options=BaseOptions(model_asset_path=model))
    scores = []
    with ImageClassifier.create_from_options(options) as classifier:
        for picture in pictures:
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=picture)
            (head,) = classifier.classify(image).classifications
            categories = sorted(head.categories, key=lambda category: category.index)
            names = [category.category_name for category in categories]
            scores.append([float(category.score) for category in categories])
    return {"names": names, "scores": scores}


if __name__ == "__main__":
    main(*sys.argv[1:])
