"""The environment variables of a program that imports `core`."""

from core.own_source import source_root


def program_environment() -> dict[str, str]:
    """Return environment variables: where the program finds `core`, what TensorFlow logs.

    Python writes no bytecode next to `core`, whose folder may belong to a package.
    """
    return {
        "PYTHONPATH": str(source_root()),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
