"""Where a user's own settings and data for the desktop lie."""

import os
from pathlib import Path


def config_home() -> Path:
    """Folder of a user's settings."""
    return _home("XDG_CONFIG_HOME", ".config")


def data_home() -> Path:
    """Folder of what a user added to the desktop."""
    return _home("XDG_DATA_HOME", ".local/share")


def config_dirs() -> tuple[Path, ...]:
    """Folders of settings for all users, the most important first."""
    named = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return tuple(Path(part) for part in named.split(os.pathsep) if Path(part).is_absolute())


def _home(variable: str, default: str) -> Path:
    named = os.environ.get(variable, "")
    # What is not absolute is to be passed over, says the specification.
    return Path(named) if Path(named).is_absolute() else Path.home() / default
