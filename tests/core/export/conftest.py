"""Models trained by the program and their exports, which several tests look at."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.made_once import made_once
from tests.program import SAMPLE, Exported, Program

_NUM_TRAINED = 200
_NUM_TESTED = 40
# What runs on any computer; the others have their own tests.
FORMATS = ("saved-model", "tflite", "tflite-float16", "tflite-dynamic", "tflite-int8", "onnx")


@dataclass(frozen=True, slots=True)
class Flowers:
    """A trained model and images that had no part in it.

    Attributes:
        run_dir: The run folder; the model is in `model`.
        unseen: Class folders.
    """

    run_dir: Path
    unseen: Path

    @property
    def model_dir(self) -> Path:
        return self.run_dir / "model"

    def unseen_images(self) -> list[Path]:
        return sorted(self.unseen.rglob("*.jpg"))


@dataclass(frozen=True, slots=True)
class Padded:
    """A model that was trained with white beside its images, exported in all formats."""

    run_dir: Path

    @property
    def model_dir(self) -> Path:
        return self.run_dir / "model"

    def folder(self, name: str) -> Path:
        return self.model_dir if name == "model" else self.run_dir / "exports" / name


@pytest.fixture(scope="session")
def flowers(
    photo_data: Path, program: Program, tmp_path_factory: pytest.TempPathFactory
) -> Flowers:
    """Trained on 200 images a class, with the default settings."""

    def make() -> Flowers:
        folder = tmp_path_factory.mktemp("flowers")
        for class_dir in sorted((photo_data / "flowers").iterdir()):
            images = sorted(class_dir.glob("*.jpg"))
            parts = {
                "trained": images[:_NUM_TRAINED],
                "unseen": images[_NUM_TRAINED : _NUM_TRAINED + _NUM_TESTED],
            }
            for part, chosen in parts.items():
                place = folder / part / class_dir.name
                place.mkdir(parents=True)
                for image in chosen:
                    (place / image.name).symlink_to(image)
        outcome = program.train(folder / "trained", "--output", folder / "run", "--seed", "1")
        assert outcome.code == 0, outcome
        return Flowers(folder / "run", folder / "unseen")

    return made_once(tmp_path_factory, "flowers", make)


@pytest.fixture(scope="session")
def exported(
    flowers: Flowers, program: Program, tmp_path_factory: pytest.TempPathFactory
) -> Exported:
    """The flowers in all formats, verified with the images that nobody trained on."""
    arguments = ["--model", flowers.run_dir, "--images", flowers.unseen, "--num-pictures", "1000"]
    return made_once(
        tmp_path_factory, "exported", lambda: program.export(*arguments, "--format", *FORMATS)
    )


@pytest.fixture(scope="session")
def padded(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Padded:
    """Trained on the sample images."""

    def make() -> Padded:
        run_dir = tmp_path_factory.mktemp("padded") / "run"
        outcome = program.train(
            SAMPLE, "--epochs", "3", "--resize-mode", "pad", "--output", run_dir
        )
        assert outcome.code == 0, outcome
        made = program.export("--model", run_dir, "--format", *FORMATS)
        assert made.code == 0, made
        return Padded(run_dir)

    return made_once(tmp_path_factory, "padded", make)
