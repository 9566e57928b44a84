"""What the program carries with it: the embedded backbone, names, images. It imports nothing."""

from importlib.resources import files
from pathlib import Path

# A `fieldguide_<language>.qm` each; the folder's README says how one is made.
LANGUAGES = Path(str(files("resources").joinpath("languages")))


def resource_path(*parts: str) -> Path:
    """Where a carried file or folder lies, such as `resource_path("imagenet_labels.txt")`.

    Args:
        parts: Names from this folder downwards, one an argument.

    Raises:
        FileNotFoundError: If it isn't there, which means a damaged installation.
    """
    path = Path(str(files("resources").joinpath(*parts)))
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: install Fieldguide again.")
    return path
