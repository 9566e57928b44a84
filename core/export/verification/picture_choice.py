"""Which pictures artifacts are verified with, and which calibrate them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.data.dataset import ImageSource, Split
from core.data.scan import scan_images
from core.errors import DatasetError, ExportError, RunError
from core.models.model_info import ModelInfo
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage, read_run_images

_FROM_ELSEWHERE = b""  # no record of the content


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPictures:
    """Which pictures there are to choose from.

    Attributes:
        verification: Not trained on, as far as is known.
        training: For calibration.
        origin: What the first ones are, in words: "test split of the run".
    """

    verification: tuple[RunImage, ...]
    training: tuple[RunImage, ...]
    origin: str


def find_pictures(
    model_dir: Path, info: ModelInfo, sources: Sequence[ImageSource] = ()
) -> ExportPictures:
    """The pictures that a run has set aside, or labelled ones that a person names.

    Raises:
        ExportError: If there are none, or their classes are not the model's.
        DatasetError: If the sources can't be scanned.
    """
    if sources:
        return _named(info, sources)
    try:
        _, images = read_run_images(RunFolder(model_dir.parent).images_path)
    except RunError as error:
        raise ExportError(
            f"{model_dir} doesn't lie in its run folder, so it isn't known which pictures it was "
            "tested on, and exports can't be verified. Name labelled pictures with --images."
        ) from error
    by_split = {split: tuple(i for i in images if i.split is split) for split in Split}
    for split in (Split.TEST, Split.VALIDATION, Split.TRAINING):
        if by_split[split]:
            return ExportPictures(
                verification=by_split[split],
                training=by_split[Split.TRAINING],
                origin=f"{split} split of the run",
            )
    raise ExportError(f"The run {model_dir.parent} has no pictures. Name some with --images.")


def _named(info: ModelInfo, sources: Sequence[ImageSource]) -> ExportPictures:
    dataset = scan_images(tuple(sources))
    known = {label: index for index, label in enumerate(info.labels)}
    if unknown := [label for label in dataset.labels if label not in known]:
        raise ExportError(
            f"The model doesn't know the class “{unknown[0]}” of the pictures named. Its classes "
            f"are: {', '.join(info.labels[:20])}."
        )
    indices = [known[label] for label in dataset.labels]
    images = tuple(
        RunImage(image.path, indices[image.class_index], Split.TEST, _FROM_ELSEWHERE)
        for image in dataset.images
    )
    if not images:
        raise DatasetError("There are no pictures in what --images names.")
    return ExportPictures(verification=images, training=images, origin="pictures named")
