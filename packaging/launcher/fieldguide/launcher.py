"""Finds the program's own folder and starts it.

The program's import names are `core`, `gui`, `resources` and `main`. Where it is
installed they lie inside this package's folder, out of other projects' way; in a
checkout they lie at its root.
"""

import sys
from pathlib import Path


def main() -> int:
    """Put the program's folder first on the import path and run it.

    Returns:
        The exit code.
    """
    sys.path.insert(0, str(program_folder(Path(__file__).resolve())))
    from main import main as run

    return run()


def program_folder(launcher: Path) -> Path:
    """The nearest folder above the file `launcher` that holds the package `core`.

    Raises:
        FileNotFoundError: If there is none: the installation is broken.
    """
    for folder in launcher.parents:
        if (folder / "core" / "__init__.py").is_file() and (folder / "main.py").is_file():
            return folder
    raise FileNotFoundError(
        f"Can't find Fieldguide's program files above {launcher}. Install Fieldguide again."
    )
