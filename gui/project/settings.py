"""What the window remembers between starts, behind typed properties."""

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
_MOST_RECENT = 10


class Settings:
    """An INI file among Fieldguide's own, so that `FIELDGUIDE_HOME` moves it too.

    Args:
        path: The file; by default the user's.
    """

    def __init__(self, path: Path | None = None) -> None:
        file = path or data_dir() / "window.ini"
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def scheme(self) -> SchemeChoice:
        """The colours that the person wants."""
        text = self._text(_SCHEME)
        return SchemeChoice(text) if text in list(SchemeChoice) else SchemeChoice.SYSTEM

    @scheme.setter
    def scheme(self, choice: SchemeChoice) -> None:
        self._settings.setValue(_SCHEME, choice.value)

    @property
    def geometry(self) -> QByteArray:
        """Place and size of the window, as Qt saves them; empty at first."""
        value = self._settings.value(_GEOMETRY)
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue(_GEOMETRY, geometry)

    @property
    def last_project(self) -> Path | None:
        """The project that was open last; None for one without a name."""
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
        """Put a project at the head of the recent ones."""
        others = [other for other in self.recent_projects if other != path]
        kept = [path, *others][:_MOST_RECENT]
        self._settings.setValue(_RECENT, [str(kept_path) for kept_path in kept])

    @property
    def last_image_dir(self) -> Path:
        """Where the dialog that asks for folders begins."""
        text = self._text(_IMAGE_DIR)
        return Path(text) if text else Path.home()

    @last_image_dir.setter
    def last_image_dir(self, path: Path) -> None:
        self._settings.setValue(_IMAGE_DIR, str(path))

    @property
    def tftrt_python(self) -> Path | None:
        """Interpreter of an environment with TF-TRT; None to look for one."""
        text = self._text(_TFTRT_PYTHON)
        return Path(text) if text else None

    @tftrt_python.setter
    def tftrt_python(self, path: Path | None) -> None:
        self._settings.setValue(_TFTRT_PYTHON, "" if path is None else str(path))

    def _text(self, key: str) -> str:
        value = self._settings.value(key, "")
        return value if isinstance(value, str) else ""
