"""How the programs of this package are started under another Python."""

from pathlib import Path

_FOLDER = Path(__file__).parent
_HOLDS_CORE = _FOLDER.parents[2]


def program_path(name: str) -> Path:
    """Path of one of this package's programs."""
    return _FOLDER / name


def program_environment() -> dict[str, str]:
    """Variables beside the worker's own: where the program finds `core`, what TensorFlow logs."""
    return {"PYTHONPATH": str(_HOLDS_CORE), "TF_CPP_MIN_LOG_LEVEL": "2"}
