"""The folders of Fieldguide's own files.

`FIELDGUIDE_HOME` moves all of them into one folder; without it they are where the system expects
them (platformdirs).
"""

import os
from pathlib import Path

import platformdirs

_APP_NAME = "fieldguide"


def data_dir() -> Path:
    """Return the folder of data to keep: runs and imported backbones."""
    home = _home()
    return home / "data" if home else Path(platformdirs.user_data_dir(_APP_NAME, appauthor=False))


def cache_dir() -> Path:
    """Return the folder of data that can be made again, such as features and thumbnails."""
    home = _home()
    if home:
        return home / "cache"
    return Path(platformdirs.user_cache_dir(_APP_NAME, appauthor=False))


def runs_dir() -> Path:
    """Return the folder in which run folders are made unless another one is asked for."""
    return data_dir() / "runs"


def _home() -> Path | None:
    value = os.environ.get("FIELDGUIDE_HOME")
    return Path(value).expanduser() if value else None
