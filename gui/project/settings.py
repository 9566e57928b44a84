"""Settings of the window that are kept between starts, as typed properties."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from core.storage.app_dirs import data_dir
from gui.look.theme import SchemeChoice

_GEOMETRY = "window/geometry"
_PROJECT = "project/last"
_RECENT = "project/recent"
_SCHEME = "view/scheme"
_IMAGE_DIR = "folders/images"
_TFTRT_PYTHON = "export/tftrt-python"
_ALL_SETTINGS = "train/all-settings"
_MOST_RECENT = 10
_YES = "yes"


class Settings:
    """Read and write an INI file in Fieldguide's data folder, which `FIELDGUIDE_HOME` moves.

    Args:
        path: The file; by default the user's.
    """

    def __init__(self, path: Path | None = None) -> None:
        file = path or data_dir() / "window.ini"
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def scheme(self) -> SchemeChoice:
        """The colour scheme that the user chose."""
        text = self._text(_SCHEME)
        return SchemeChoice(text) if text in list(SchemeChoice) else SchemeChoice.SYSTEM

    @scheme.setter
    def scheme(self, choice: SchemeChoice) -> None:
        self._settings.setValue(_SCHEME, choice.value)

    @property
    def geometry(self) -> QByteArray:
        """Position and size of the window, as Qt saves them; empty at first."""
        value = self._settings.value(_GEOMETRY)
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue(_GEOMETRY, geometry)

    @property
    def last_project(self) -> Path | None:
        """The last project; None for one without a name."""
        text = self._text(_PROJECT)
        return Path(text) if text else None

    @last_project.setter
    def last_project(self, path: Path | None) -> None:
        self._settings.setValue(_PROJECT, "" if path is None else str(path))

    @property
    def recent_projects(self) -> list[Path]:
        """Projects opened or saved, the latest first."""
        value = self._settings.value(_RECENT)
        texts = value if isinstance(value, list) else [value]
        return [Path(text) for text in texts if isinstance(text, str) and text]

    def add_recent_project(self, path: Path) -> None:
        """Move a project to the top of the recent ones."""
        others = [other for other in self.recent_projects if other != path]
        kept = [path, *others][:_MOST_RECENT]
        self._settings.setValue(_RECENT, [str(kept_path) for kept_path in kept])

    def forget_recent_project(self, path: Path) -> None:
        """Remove a project from the recent ones."""
        kept = [other for other in self.recent_projects if other != path]
        self._settings.setValue(_RECENT, [str(kept_path) for kept_path in kept])

    @property
    def last_image_dir(self) -> Path:
        """The initial folder of the dialogs that add images."""
        text = self._text(_IMAGE_DIR)
        return Path(text) if text else Path.home()

    @last_image_dir.setter
    def last_image_dir(self, path: Path) -> None:
        self._settings.setValue(_IMAGE_DIR, str(path))

    @property
    def shows_all_settings(self) -> bool:
        """Whether the page Train shows all settings; only presets at first."""
        return self._text(_ALL_SETTINGS) == _YES

    @shows_all_settings.setter
    def shows_all_settings(self, shows_all: bool) -> None:
        self._settings.setValue(_ALL_SETTINGS, _YES if shows_all else "")

    @property
    def tftrt_python(self) -> Path | None:
        """The interpreter of an environment with TF-TRT; None to search for one."""
        text = self._text(_TFTRT_PYTHON)
        return Path(text) if text else None

    @tftrt_python.setter
    def tftrt_python(self, path: Path | None) -> None:
        self._settings.setValue(_TFTRT_PYTHON, "" if path is None else str(path))

    def _text(self, key: str) -> str:
        value = self._settings.value(key, "")
        return value if isinstance(value, str) else ""
