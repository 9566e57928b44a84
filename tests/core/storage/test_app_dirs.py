"""Own files lie where `FIELDGUIDE_HOME` says, else where the system wants them."""

from pathlib import Path

import pytest

from core.storage.app_dirs import cache_dir, data_dir, runs_dir


def test_home_moves_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FIELDGUIDE_HOME", str(tmp_path))
    assert {cache_dir().parent, data_dir().parent} == {tmp_path}
    assert cache_dir() != data_dir()
    assert runs_dir().parent == data_dir()


def test_home_may_be_below_the_users_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FIELDGUIDE_HOME", "~/fieldguide")
    assert data_dir().parent == tmp_path / "fieldguide"


@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
def test_without_it_the_systems_folders_are_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str | None
) -> None:
    monkeypatch.delenv("FIELDGUIDE_HOME")
    if value is not None:
        monkeypatch.setenv("FIELDGUIDE_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert data_dir() == tmp_path / "data" / "fieldguide"
    assert cache_dir() == tmp_path / "cache" / "fieldguide"


def test_asking_makes_no_folder(fieldguide_home: Path) -> None:
    cache_dir(), data_dir(), runs_dir()
    assert list(fieldguide_home.iterdir()) == []
