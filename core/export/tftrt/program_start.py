"""How the programs of this package are started under another Python."""

from pathlib import Path

from core.own_source import source_root

_FOLDER = source_root() / "core/export/tftrt"


def program_path(name: str) -> Path:
    """Path of one of this package's programs."""
    return _FOLDER / name


def program_environment() -> dict[str, str]:
    """Variables beside the worker's own: where the program finds `core`, what TensorFlow logs.

    Nothing is written beside `core`, whose folder may be a package's.
    """
    return {
        "PYTHONPATH": str(source_root()),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
