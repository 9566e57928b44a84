"""A run as it is compared with others: its settings, and its answers for test images."""

from dataclasses import dataclass
from pathlib import Path

from core.runs.run_answers import (
    ContentKeys,
    RunAnswers,
    read_content_keys,
    read_test_answers,
)
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig


@dataclass(frozen=True, slots=True, eq=False)
class ComparedRun:
    """What comparing needs of a run's folder.

    Attributes:
        path: The folder.
        config: Its settings.
        answers: For its test images.
        contents: Of its images; None if the folder lost their record.
    """

    path: Path
    config: TrainConfig
    answers: RunAnswers
    contents: ContentKeys | None


@dataclass(frozen=True, slots=True)
class SharedImages:
    """Images that are in both test splits and in neither's training or validation.

    Attributes:
        first: Their positions among the answers of the first run.
        second: Their positions among those of the second, in the same order.
        num_relabeled: Images left out since their actual class isn't the same in both.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    num_relabeled: int


def load_compared_run(run_dir: Path) -> ComparedRun:
    """Read a run.

    Raises:
        RunError: If it is no run folder, hasn't finished, or is damaged.
    """
    folder = RunFolder.open(run_dir)
    config, _ = folder.read_config()
    answers = read_test_answers(folder.path)
    has_record = folder.images_path.is_file()
    contents = read_content_keys(folder.images_path) if has_record else None
    return ComparedRun(folder.path, config, answers, contents)


def shared_images(first: ComparedRun, second: ComparedRun) -> SharedImages:
    """Find the images on which both runs can be measured.

    Images are known by their content, wherever they lie now and whatever has become of the file
    since; by their paths if one of the runs has no record of contents. Classes are known by name.
    """
    if first.contents is not None and second.contents is not None:
        trained_on = first.contents.trained_on | second.contents.trained_on
        mine = _positions(first.answers, first.contents.of_path)
        others = _positions(second.answers, second.contents.of_path)
    else:  # In one run, a path is in one split only.
        trained_on = frozenset()
        mine = {path: position for position, path in enumerate(first.answers.paths)}
        others = {path: position for position, path in enumerate(second.answers.paths)}
    pairs = [(mine[key], others[key]) for key in mine if key in others and key not in trained_on]
    class_of = _matching_classes(first.answers.labels, second.answers.labels)
    actual, others_actual = first.answers.actual.tolist(), second.answers.actual.tolist()
    kept = [(i, j) for i, j in pairs if class_of.get(others_actual[j]) == actual[i]]
    return SharedImages(
        tuple(i for i, _ in kept), tuple(j for _, j in kept), len(pairs) - len(kept)
    )


def _positions(answers: RunAnswers, content_of: dict[str, str]) -> dict[str, int]:
    """Return the position of each content; of images with the same content, the last one's."""
    found = enumerate(answers.paths)
    return {content_of[path]: position for position, path in found if path in content_of}


def _matching_classes(labels: tuple[str, ...], others: tuple[str, ...]) -> dict[int, int]:
    """Return the class index in the first run by that in the second, for classes in both."""
    known = {label: index for index, label in enumerate(labels)}
    return {index: known[label] for index, label in enumerate(others) if label in known}
