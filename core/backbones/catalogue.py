"""The backbones that can be had: TensorFlow Hub's TF2 image feature vectors, and their facts.

The facts are in `resources/backbones.json`. Handles, sizes, ranges of values and feature
dimensions are those of the models' own pages at tfhub.dev and of the repositories that they name;
weights and multiply-adds are counted from the architectures. Unpublished figures are None.

tfhub.dev redirects to Kaggle, and at times refuses (tensorflow/hub#931), so each entry knows its
address on Kaggle too. Rules in the file derive it from the handle, as Kaggle named the models when
it took them over: `_` and `/` became `-`, and its versions count those of TensorFlow Hub that are
in the TF2 format, as tensorflow/tfhub.dev lists them. `is_tried` says whether an address of a rule
was ever fetched; so far none was. An address of almost every rule, or its classifier's, stands in
public code. The exceptions follow the others' form alone: BiT-S, and of EfficientNet V2 S, M and L
with ImageNet-21k, and those of B0 to B3 and XL that were fine-tuned on ImageNet-1k after it.
Without a rule are those whose names on Kaggle are not known, PNASNet and the distilled BiT with its
teachers, and EfficientNet-Lite, which is of no use in the TF1 format.
"""

import json
import re
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from core.backbones.kaggle_model import KaggleModel
from core.text import Text
from resources import resource_path

CATALOGUE_SCHEMA = 1
_HUB = "https://tfhub.dev/"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One backbone that can be downloaded, or that came with the program.

    Attributes:
        name: Unique; what `--backbone` takes, such as `mobilenet-v2-100-224`.
        title: Name to show, such as `MobileNet V2 1.0, 224 px`.
        handle: Its address on TensorFlow Hub; the embedded one's is its name.
        family: Architecture, such as `MobileNet V2`.
        year: Of its first publication.
        input_size: `(height, width)` in pixels.
        value_range: What its SavedModel takes for black and for white.
        feature_dim: Length of a feature vector.
        parameters: Number of weights of the feature extractor, moving averages included where
            they are known; without any classification layer.
        multiply_adds: For one image of `input_size`; None if not known.
        imagenet_top1: Published top-1 accuracy on ImageNet of these weights, in [0, 1]; None if
            there is none.
        imagenet_top1_source: Address of what published it, and the place in it or the input
            size that it is for where they need saying; empty without one.
        download_bytes: Size of the archive; None if not known.
        license: SPDX identifier; empty if not known.
        advice: For whom it is a good choice, in one plain line.
        is_tf1: Whether it was published in the TF1 Hub format only, which TensorFlow 2 can't
            train: it is listed so that users who look for it learn why.
        kaggle: The same model on Kaggle; None if its address there isn't known.
        is_kaggle_tried: Whether it was ever fetched from there.
    """

    name: str
    title: str
    handle: str
    family: str
    year: int
    input_size: tuple[int, int]
    value_range: tuple[float, float]
    feature_dim: int
    parameters: int
    multiply_adds: int | None
    imagenet_top1: float | None
    imagenet_top1_source: str
    download_bytes: int | None
    license: str
    advice: Text
    is_tf1: bool = False
    kaggle: KaggleModel | None = None
    is_kaggle_tried: bool = False

    @property
    def page(self) -> str:
        """The address to open in a browser; "" for what came with the program."""
        if self.kaggle is not None:
            return self.kaggle.page
        return self.handle if self.handle.startswith(_HUB) else ""


@cache
def catalogue() -> tuple[CatalogueEntry, ...]:
    """Return all entries by family and size, with the embedded backbone among them."""
    content = json.loads(resource_path("backbones.json").read_text(encoding="utf-8"))
    assert content["schema"] == CATALOGUE_SCHEMA
    rules = content["kaggle"]
    return tuple(
        _entry(values | _on_kaggle(values["handle"], rules)) for values in content["backbones"]
    )


def find_entry(name_or_handle: str) -> CatalogueEntry | None:
    """Return the entry of this name or handle; None if there is none."""
    return _by_name_and_handle().get(name_or_handle.rstrip("/"))


@cache
def _by_name_and_handle() -> dict[str, CatalogueEntry]:
    return {key: entry for entry in catalogue() for key in (entry.name, entry.handle)}


def _on_kaggle(handle: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the rules tell of a handle; nothing if none is for it."""
    path = handle.removeprefix(_HUB)
    for rule in rules:
        if match := re.fullmatch(rule["hub"], path):
            model = KaggleModel.of_handle(match.expand(rule["kaggle"]).replace("_", "-"))
            return {"kaggle": model, "is_kaggle_tried": rule["is_tried"]}
    return {}


def _entry(values: dict[str, Any]) -> CatalogueEntry:
    height, width = values["input_size"]
    low, high = values["value_range"]
    known = {
        field.name: values[field.name] for field in fields(CatalogueEntry) if field.name in values
    }
    # `packaging/languages.py` finds these texts, which are no literals.
    advice = Text.of(values["advice"], (), None)
    sizes = {"input_size": (height, width), "value_range": (low, high)}
    return CatalogueEntry(**(known | sizes | {"advice": advice}))
