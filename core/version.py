"""The version of this program."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """As in `pyproject.toml`; "" in a checkout that isn't installed."""
    try:
        return version("fieldguide")
    except PackageNotFoundError:
        return ""
