"""From what the user named to split feature vectors; a resumed run takes its own record."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.backbones.backbone import Backbone
from core.data.dataset import Dataset, ImageSource, LabeledImage, Split
from core.data.edits.edits import NO_EDITS, Edits
from core.data.examination.image_index import ImageIndex
from core.data.examination.inspect import IN_TWO_CLASSES, label_conflicts
from core.data.examination.sample_bits import find_sample_bits
from core.data.grouping.near_duplicates import near_duplicate_groups
from core.data.pixels.decoder import Decoding
from core.data.scanning.scan import scan_images
from core.data.scanning.trainable import require_trainable
from core.data.split.assignment import assign_splits
from core.data.split.forecast import TrainingForecast
from core.data.split.subset import within_limit
from core.errors import DatasetError, RunError
from core.features.collect import FeatureCollection, FeatureSet
from core.messages.control import RunControl
from core.messages.events import DatasetSplit, ImageSkipped, Phase, Warned
from core.messages.reporter import Reporter
from core.models.feature_scaling import FeatureScaling, learn_scaling
from core.runs.run_folder import RunFolder
from core.runs.run_images import (
    RunImage,
    read_run_decoding,
    read_run_images,
    write_run_images,
)
from core.settings.config import TrainConfig
from core.text import Text
from core.training.head_data import HeadData
from core.training.provisional_accuracy import ProvisionalAccuracies
from core.training.version_collection import VersionCollection, require_unchanged


@dataclass(frozen=True, slots=True)
class ChosenBackbone:
    """A backbone and what computes with it.

    Attributes:
        gpu: Whether that is TensorFlow on a GPU.
    """

    backbone: Backbone
    gpu: bool


@dataclass(frozen=True, slots=True)
class RunData:
    """All that training needs of the images.

    Attributes:
        backbone: What made the feature vectors.
        labels: Class names, by class index.
        images: The images that take part.
        splits: Feature vectors by split; the test split may be empty.
        decoding: How the images are decoded.
        scaling: What was done to the feature vectors, where they have several parts; None if
            they are as the backbone returned them.
    """

    backbone: Backbone
    labels: tuple[str, ...]
    images: list[RunImage]
    splits: dict[Split, HeadData]
    decoding: Decoding
    scaling: FeatureScaling | None = None


class RunDataPreparation:
    """Scans, computes features and splits; or repeats what an earlier part of the run decided."""

    def __init__(
        self,
        folder: RunFolder,
        config: TrainConfig,
        reporter: Reporter,
        control: RunControl,
    ) -> None:
        self._folder = folder
        self._config = config
        self._reporter = reporter
        self._control = control

    def prepare(
        self,
        sources: Sequence[ImageSource],
        choose_backbone: Callable[[], ChosenBackbone],
        edits: Edits = NO_EDITS,
    ) -> RunData:
        """Split feature vectors of all usable images.

        Args:
            sources: What the user named; a resumed run has its own record instead.
            choose_backbone: Makes the backbone ready. Called after the scan, so that images
                which can't be trained on are reported before any download.
            edits: The user's changes to the images found there.

        Raises:
            DatasetError: If the images can't be trained on.
            RunError: If the run was begun with another decoder.
            StopRequestedError: If the run should stop.
            StorageError: If a cache or the run folder can't be written.
        """
        if self._folder.images_path.exists():
            decoding = self._earlier_decoding()
            return self._repeat(choose_backbone(), decoding)
        dataset = self._scan(sources, edits)
        paths = [image.path for image in dataset.images]
        chosen = choose_backbone()
        with ImageIndex() as index:
            found = find_sample_bits(paths, index, self._control.checkpoint)
        if found is not None:
            self._reporter.send(Warned(found.text()))
        decoding = Decoding(sample_bits=found.bits if found else None)
        class_indices = [image.class_index for image in dataset.images]
        forecast = TrainingForecast(
            class_indices,
            [image.split for image in dataset.images],
            validation_split=self._config.validation_split,
            test_split=self._config.test_split,
            seed=self._config.seed,
        )
        early = self._early(chosen, class_indices, forecast.will_train)
        features = self._features(chosen, paths, decoding, None, self._skip, early)
        data = _scaled(self._split(chosen.backbone, dataset, features, decoding))
        write_run_images(self._folder.images_path, data.labels, data.images, decoding)
        self._report_split(data, features.num_cached)
        return self._with_versions(chosen, data)

    def _earlier_decoding(self) -> Decoding:
        decoding = read_run_decoding(self._folder.images_path)
        if decoding.is_earlier:
            raise RunError(
                Text(
                    "%1 was begun by another version of Fieldguide, which reads some pictures "
                    "otherwise, so it can't be resumed. Start a new training with its settings.",
                    str(self._folder.path),
                )
            )
        return decoding

    def _repeat(self, chosen: ChosenBackbone, decoding: Decoding) -> RunData:
        labels, images = read_run_images(self._folder.images_path)
        paths = [image.path for image in images]
        known = [image.sha256 for image in images]
        early = self._early(
            chosen,
            [image.class_index for image in images],
            lambda position, _name: images[position].split is Split.TRAINING,
        )
        features = self._features(chosen, paths, decoding, known, self._refuse, early)
        for image, sha256 in zip(images, features.sha256s, strict=True):
            require_unchanged(image, sha256)
        splits = _head_data(features.vectors, images)
        data = _scaled(RunData(chosen.backbone, labels, images, splits, decoding))
        self._report_split(data, features.num_cached)
        return self._with_versions(chosen, data)

    def _scan(self, sources: Sequence[ImageSource], edits: Edits) -> Dataset:
        self._reporter.start_phase(Phase.SCANNING)

        def on_progress(found: int) -> None:
            self._control.checkpoint()
            self._reporter.progress(found)

        dataset = scan_images(sources, on_progress=on_progress)
        for finding in dataset.findings:
            if finding.path is None:
                self._reporter.send(Warned(finding.detail))
            elif finding.kind.is_remark:
                self._reporter.send(Warned(finding.with_path()))
            else:
                self._reporter.send(ImageSkipped(finding.path, finding.detail))
        edited = edits.apply(dataset)
        require_trainable(edited, test_split=self._config.test_split)
        return edited

    def _early(
        self,
        chosen: ChosenBackbone,
        class_indices: Sequence[int],
        will_train: Callable[[int, bytes], bool],
    ) -> ProvisionalAccuracies:
        return ProvisionalAccuracies(
            class_indices,
            will_train,
            chosen.backbone.info.parts,
            self._config.seed,
            self._reporter.send,
        )

    def _features(
        self,
        chosen: ChosenBackbone,
        paths: Sequence[Path],
        decoding: Decoding,
        known: Sequence[bytes] | None,
        on_unusable: Callable[[Path, str], None],
        early: ProvisionalAccuracies,
    ) -> FeatureSet:
        self._reporter.start_phase(Phase.EXTRACTING_FEATURES, len(paths))
        collection = FeatureCollection(
            chosen.backbone,
            self._config.resize_mode,
            gpu=chosen.gpu,
            check=self._control.checkpoint,
            on_progress=self._reporter.progress,
            on_unusable=lambda position, reason: on_unusable(paths[position], reason),
            on_features=early.note,
            sample_bits=decoding.sample_bits,
        )
        # Classes are mixed, so that an accuracy is one of all classes early on.
        order = np.random.default_rng(self._config.seed).permutation(len(paths)).tolist()
        with ImageIndex() as index, closing(early):
            return collection.collect(paths, index, known, order)

    def _with_versions(self, chosen: ChosenBackbone, data: RunData) -> RunData:
        """Add the features of changed copies of the training images, where they are wanted."""
        if not self._config.augmentation().is_active or not self._config.augmented_versions:
            return data
        training = data.splits[Split.TRAINING]
        rows = training.rows.tolist()
        num_versions = self._config.augmented_versions
        self._reporter.start_phase(Phase.EXTRACTING_FEATURES, num_versions * len(rows))
        collection = VersionCollection(
            chosen.backbone,
            self._config,
            data.decoding.sample_bits,
            gpu=chosen.gpu,
            check=self._control.checkpoint,
            on_progress=self._reporter.progress,
            on_unusable=self._refuse,
        )
        versions = collection.collect(data.images, rows)
        if data.scaling is not None:
            for vectors in versions:
                data.scaling.apply(vectors)
        return replace(
            data, splits=data.splits | {Split.TRAINING: replace(training, versions=versions)}
        )

    def _skip(self, path: Path, reason: str) -> None:
        self._reporter.send(ImageSkipped(path, reason))

    def _refuse(self, path: Path, reason: str) -> None:
        raise DatasetError(
            Text(
                "%1, a picture of this run, %2. Restore it, or start a new training without it.",
                str(path),
                reason,
            )
        )

    def _split(
        self, backbone: Backbone, dataset: Dataset, features: FeatureSet, decoding: Decoding
    ) -> RunData:
        positions = self._usable_positions(dataset, features)
        images = [dataset.images[position] for position in positions]
        sha256s = [_present(features.sha256s[position]) for position in positions]
        class_indices = [image.class_index for image in images]
        self._require_usable(dataset, images)
        groups = near_duplicate_groups(
            [features.signatures[position] for position in positions], sha256s, class_indices
        ).tolist()
        splits = assign_splits(
            class_indices=class_indices,
            sha256s=sha256s,
            groups=groups,
            given=[image.split for image in images],
            validation_split=self._config.validation_split,
            test_split=self._config.test_split,
            seed=self._config.seed,
            labels=dataset.labels,
        )
        run_images = [
            RunImage(image.path, image.class_index, split, sha256)
            for image, split, sha256 in zip(images, splits, sha256s, strict=True)
        ]
        if self._config.images_per_class:
            kept = within_limit(
                class_indices=class_indices,
                sha256s=sha256s,
                groups=groups,
                splits=splits,
                limit=self._config.images_per_class,
                seed=self._config.seed,
            )
            positions = list(compress(positions, kept))
            run_images = list(compress(run_images, kept))
        vectors = features.vectors
        if len(positions) != len(vectors):
            vectors = vectors[np.asarray(positions)]
        head_data = _head_data(vectors, run_images)
        return RunData(backbone, dataset.labels, run_images, head_data, decoding)

    def _usable_positions(self, dataset: Dataset, features: FeatureSet) -> list[int]:
        """Find images with features, without those whose class is in doubt."""
        positions = [i for i, signature in enumerate(features.signatures) if signature is not None]
        conflicts = label_conflicts(
            [_present(features.sha256s[i]) for i in positions],
            [dataset.images[i].class_index for i in positions],
        )
        in_conflict = set(conflicts.tolist())
        for place in sorted(in_conflict):
            image = dataset.images[positions[place]]
            self._reporter.send(ImageSkipped(image.path, IN_TWO_CLASSES))
        return [i for place, i in enumerate(positions) if place not in in_conflict]

    def _require_usable(self, dataset: Dataset, images: list[LabeledImage]) -> None:
        remaining = Dataset(dataset.labels, tuple(images), (), dataset.named_labels)
        counts = Counter(image.class_index for image in images)
        for index, label in enumerate(dataset.labels):
            if not counts[index]:
                raise DatasetError(
                    Text(
                        "No picture of the class “%1” can be used; the reasons are listed above.",
                        label,
                    )
                )
        require_trainable(remaining, test_split=self._config.test_split)

    def _report_split(self, data: RunData, num_cached: int) -> None:
        counts = {split: len(data.splits[split].rows) for split in Split}
        self._reporter.send(
            DatasetSplit(
                data.labels,
                counts[Split.TRAINING],
                counts[Split.VALIDATION],
                counts[Split.TEST],
                num_cached,
            )
        )


def _head_data(vectors: NDArray[np.float32], images: Sequence[RunImage]) -> dict[Split, HeadData]:
    classes = np.array([image.class_index for image in images], np.int32)
    splits = np.array([image.split.value for image in images])
    return {
        split: HeadData(vectors, classes, np.flatnonzero(splits == split.value)) for split in Split
    }


def _scaled(data: RunData) -> RunData:
    """Scale the feature vectors in place, where they have several parts."""
    training = data.splits[Split.TRAINING]
    if not data.backbone.info.parts:
        return data
    scaling = learn_scaling(training.vectors, training.rows, data.backbone.info.parts)
    scaling.apply(training.vectors)  # all splits share the table
    return replace(data, scaling=scaling)


def _present(sha256: bytes | None) -> bytes:
    assert sha256 is not None, "a picture with features has been read"
    return sha256
