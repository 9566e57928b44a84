from pathlib import Path

from PySide6.QtCore import QByteArray

from gui.look.theme import SchemeChoice
from gui.project.settings import Settings


def test_everything_is_there_again_after_a_restart(tmp_path):
    file = tmp_path / "window.ini"
    settings = Settings(file)
    settings.scheme = SchemeChoice.DARK
    settings.geometry = QByteArray(b"\x01\x00geometry")
    settings.last_project = Path("/projects/birds é.fieldguide")
    settings.last_image_dir = Path("/pictures")
    settings.tftrt_python = Path("/tftrt/python")
    assert not settings.shows_all_settings
    settings.shows_all_settings = True
    settings.add_recent_project(Path("/a.fieldguide"))
    settings.add_recent_project(Path("/b.fieldguide"))
    del settings
    again = Settings(file)
    assert again.scheme is SchemeChoice.DARK
    assert again.geometry == QByteArray(b"\x01\x00geometry")
    assert again.last_project == Path("/projects/birds é.fieldguide")
    assert again.last_image_dir == Path("/pictures")
    assert again.tftrt_python == Path("/tftrt/python")
    assert again.shows_all_settings
    again.shows_all_settings = False
    assert not Settings(file).shows_all_settings
    assert again.recent_projects == [Path("/b.fieldguide"), Path("/a.fieldguide")]


def test_a_project_is_recent_once_and_ten_are_kept(tmp_path):
    settings = Settings(tmp_path / "window.ini")
    for number in (*range(12), 11):
        settings.add_recent_project(Path(f"/{number}.fieldguide"))
    recent = settings.recent_projects
    assert [path.stem for path in recent] == [str(number) for number in range(11, 1, -1)]


def test_nonsense_in_the_file_counts_as_nothing(tmp_path):
    file = tmp_path / "window.ini"
    file.write_text("[view]\nscheme=purple\n[window]\ngeometry=3\n[project]\nrecent=\n")
    settings = Settings(file)
    assert settings.scheme is SchemeChoice.SYSTEM
    assert settings.geometry.isEmpty()
    assert settings.last_project is None
    assert settings.recent_projects == []


def test_settings_lie_in_fieldguides_own_folder(fieldguide_home):
    settings = Settings()
    settings.scheme = SchemeChoice.LIGHT
    del settings
    assert "light" in (fieldguide_home / "data" / "window.ini").read_text()
