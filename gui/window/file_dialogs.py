"""Dialogs that ask for files and folders; none blocks the window."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.image_reading.image_formats import IMAGE_SUFFIXES
from core.project.project_file import PROJECT_SUFFIX
from gui.look.language import tr
from gui.project.settings import Settings

_OTHER_FILES = "*.zip *.tar *.tar.gz *.tgz *.tar.xz *.tar.bz2 *.csv *.tsv"


class FileDialogs(QObject):
    """Open dialogs in the folder used last.

    Args:
        window: Parent of the dialogs.
        settings: Stores the last folder.

    Signals:
        paths_chosen: Folders, images, archives or lists to add.
        project_chosen: A project file to open.
        save_chosen: The file to save the project to.
    """

    paths_chosen = Signal(list)
    project_chosen = Signal(Path)
    save_chosen = Signal(Path)

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings

    def ask_for_folder(self) -> None:
        """Ask for a folder of images or of class folders."""
        dialog = self._dialog(tr("Add folders of pictures"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(str(self._settings.last_image_dir))
        dialog.fileSelected.connect(self._on_folder_chosen)
        dialog.open()

    def ask_for_files(self) -> None:
        """Ask for images, archives and lists."""
        dialog = self._dialog(tr("Add pictures, archives or lists"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setDirectory(str(self._settings.last_image_dir))
        suffixes = " ".join(f"*.{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        patterns = f"{_OTHER_FILES} {suffixes}"
        known = tr("Pictures, archives and lists (%1)", patterns)
        # First, since pictures may have no suffix or an odd one; others are told of and left out.
        dialog.setNameFilters([tr("All files (*)"), known])
        dialog.filesSelected.connect(self._on_files_chosen)
        dialog.open()

    def ask_for_project(self) -> None:
        """Ask for a project to open."""
        dialog = self._dialog(tr("Open a project"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self._project_filter())
        dialog.fileSelected.connect(self._on_project_chosen)
        dialog.open()

    def ask_where_to_save(self, name: str) -> None:
        """Ask where to save a project; `name` is suggested."""
        dialog = self._dialog(tr("Save the project as"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(PROJECT_SUFFIX.removeprefix("."))
        dialog.setNameFilter(self._project_filter())
        dialog.selectFile(name + PROJECT_SUFFIX)
        dialog.fileSelected.connect(self._on_save_chosen)
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _project_filter(self) -> str:
        return tr("Fieldguide projects (*%1)", PROJECT_SUFFIX)

    def _on_folder_chosen(self, folder: str) -> None:
        self._settings.last_image_dir = Path(folder).parent
        self.paths_chosen.emit([Path(folder)])

    def _on_files_chosen(self, files: list[str]) -> None:
        self._settings.last_image_dir = Path(files[0]).parent
        self.paths_chosen.emit([Path(file) for file in files])

    def _on_project_chosen(self, file: str) -> None:
        self.project_chosen.emit(Path(file))

    def _on_save_chosen(self, file: str) -> None:
        self.save_chosen.emit(Path(file))
