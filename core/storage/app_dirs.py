"""Where Fieldguide keeps its own files.

`FIELDGUIDE_HOME` moves all of them into one folder; without it they lie where the
system wants them (platformdirs).
"""

import os
from pathlib import Path

import platformdirs

_APP_NAME = "fieldguide"


def data_dir() -> Path:
    """Folder of what must be kept: runs and imported backbones."""
    home = _home()
    return home / "data" if home else Path(platformdirs.user_data_dir(_APP_NAME, appauthor=False))


def cache_dir() -> Path:
    """Folder of what can be made again: feature vectors, extracted archives, thumbnails."""
    home = _home()
    if home:
        return home / "cache"
    return Path(platformdirs.user_cache_dir(_APP_NAME, appauthor=False))


def runs_dir() -> Path:
    """Folder in which run folders are made when no other was asked for."""
    return data_dir() / "runs"


def _home() -> Path | None:
    value = os.environ.get("FIELDGUIDE_HOME")
    return Path(value).expanduser() if value else None
