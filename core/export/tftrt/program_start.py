"""Start the programs of this package under another Python."""

from pathlib import Path

from core.own_source import source_root

_FOLDER = source_root() / "core/export/tftrt"


def program_path(name: str) -> Path:
    """Return the path of one of this package's programs."""
    return _FOLDER / name


def program_environment() -> dict[str, str]:
    """Return environment variables: where the program finds `core`, what TensorFlow logs.

    Python writes no bytecode next to `core`, whose folder may belong to a package.
    """
    return {
        "PYTHONPATH": str(source_root()),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
