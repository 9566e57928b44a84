"""What the program carries with it: the embedded backbone, names, images. It imports nothing."""

from importlib.resources import files
from pathlib import Path

# A `fieldguide_<language>.qm` each; the folder's README says how one is made.
LANGUAGES = Path(str(files("resources").joinpath("languages")))

GUIDE_FILES = ("user-guide.md", "experiments.md", "formats.md")
"""Documents of `docs` that the window shows, with their pictures."""

_GUIDE = "guide"


def guide_path(name: str) -> Path:
    """Where a document of the guide, or a picture of one, lies.

    An installation has them in `resources/guide`, a checkout in `docs`.

    Args:
        name: Its path below that folder, such as `user-guide.md`.

    Raises:
        FileNotFoundError: If it isn't there, which means a damaged installation.
    """
    folder = Path(str(files("resources").joinpath(_GUIDE)))
    if not folder.is_dir():
        folder = Path(str(files("resources"))).parent / "docs"
    path = folder / name
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: install Fieldguide again.")
    return path


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
