"""What a stage of training leaves to be measured and saved."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.backbones.backbone import Backbone
from core.data.dataset import Split
from core.models.litert_head import DenseWeights


@dataclass(frozen=True, slots=True)
class TrainedClassifier:
    """The best weights of a run so far.

    Attributes:
        backbone: As it came, or fine-tuned.
        layers: The head's.
        logits: Of the pictures of the validation and the test split, in order, float32
            `(num_images, num_classes)`; the latter may be empty.
        best_epoch: The epoch that they are from, counted over all stages.
        num_epochs: Epochs that were done over all stages.
        is_fine_tuned: Whether the backbone's weights were trained too.
    """

    backbone: Backbone
    layers: list[DenseWeights]
    logits: dict[Split, NDArray[np.float32]]
    best_epoch: int
    num_epochs: int
    is_fine_tuned: bool = False
