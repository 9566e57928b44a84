"""Choose the images that verify artifacts, and those that calibrate them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.data.dataset import ImageSource, Split
from core.data.scanning.scan import scan_images
from core.errors import DatasetError, ExportError, RunError
from core.models.model_info import ModelInfo
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage, read_run_images
from core.text import Text

_FROM_ELSEWHERE = b""  # no record of the content
_ORIGINS = {
    Split.TEST: Text("test split of the run"),
    Split.VALIDATION: Text("validation split of the run"),
    Split.TRAINING: Text("training split of the run"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportImages:
    """The images to choose from.

    Attributes:
        verification: Not trained on, as far as is known.
        training: For calibration.
        origin: Of those for verification, in words: "test split of the run".
    """

    verification: tuple[RunImage, ...]
    training: tuple[RunImage, ...]
    origin: str


def find_images(
    model_dir: Path, info: ModelInfo, sources: Sequence[ImageSource] = ()
) -> ExportImages:
    """Find the images that a run has set aside, or labelled ones from the user.

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
            Text(
                "%1 isn't in its run folder, so it isn't known which pictures it was tested on, "
                "and exports can't be verified. Name labelled pictures with --images.",
                str(model_dir),
            )
        ) from error
    by_split = {split: tuple(i for i in images if i.split is split) for split in Split}
    for split, origin in _ORIGINS.items():
        if by_split[split]:
            return ExportImages(
                verification=by_split[split],
                training=by_split[Split.TRAINING],
                origin=origin,
            )
    raise ExportError(
        Text("The run %1 has no pictures. Name some with --images.", str(model_dir.parent))
    )


def _named(info: ModelInfo, sources: Sequence[ImageSource]) -> ExportImages:
    dataset = scan_images(tuple(sources))
    known = {label: index for index, label in enumerate(info.labels)}
    if unknown := [label for label in dataset.labels if label not in known]:
        raise ExportError(
            Text(
                "The model doesn't know the class “%1” of these pictures. Its classes are: %2.",
                unknown[0],
                ", ".join(info.labels[:20]),
            )
        )
    indices = [known[label] for label in dataset.labels]
    images = tuple(
        RunImage(image.path, indices[image.class_index], Split.TEST, _FROM_ELSEWHERE)
        for image in dataset.images
    )
    if not images:
        raise DatasetError(Text("There are no pictures in what --images names."))
    return ExportImages(verification=images, training=images, origin=Text("pictures named"))
