"""The folders of Fieldguide's own files.

`FIELDGUIDE_HOME` moves all of them into one folder; without it they are where the system expects
them (platformdirs).
"""

import os
from pathlib import Path

import platformdirs

_APP_NAME = "fieldguide"


def data_dir() -> Path:
    """Return the folder of data to keep: projects, runs and imported backbones."""
    home = _home()
    return home / "data" if home else Path(platformdirs.user_data_dir(_APP_NAME, appauthor=False))


def cache_dir() -> Path:
    """Return the folder of data that can be made again, such as features and thumbnails."""
    home = _home()
    if home:
        return home / "cache"
    return Path(platformdirs.user_cache_dir(_APP_NAME, appauthor=False))


def runs_dir() -> Path:
    """Return the folder of the run folders that belong to no project."""
    return data_dir() / "runs"


def projects_dir() -> Path:
    """Return the folder with a folder for each project of the library."""
    return data_dir() / "projects"


def _home() -> Path | None:
    value = os.environ.get("FIELDGUIDE_HOME")
    return Path(value).expanduser() if value else None
