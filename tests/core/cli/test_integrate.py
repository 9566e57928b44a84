import json
from pathlib import Path

import pytest

from core.cli.main import main


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "xdg"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def programs(tmp_path, monkeypatch) -> Path:
    """The only folder of programs."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def states(capsys, *managers) -> dict[str, str]:
    assert main(["integrate", "status", "--json", *managers]) == 0
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    return {line["manager"]: line["state"] for line in lines}


def test_named_managers_get_the_entry(home, capsys):
    assert main(["integrate", "install", "thunar", "nemo"]) == 0
    out = capsys.readouterr().out
    assert "Thunar (Xfce): installed" in out
    assert "thunar --quit" in out
    found = states(capsys)
    assert {name for name, state in found.items() if state == "installed"} == {"thunar", "nemo"}
    assert main(["integrate", "remove"]) == 0
    capsys.readouterr()
    assert set(states(capsys).values()) == {"absent"}


def test_managers_that_are_here_get_the_entry(home, programs, capsys):
    thunar = programs / "thunar"
    thunar.touch(0o755)
    assert main(["integrate", "install", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["manager"]: line["changed"] for line in lines} == {
        "thunar": True,
        "desktop": True,
    }


def test_failure_names_the_file_and_the_others_go_on(home, capsys):
    path = home / ".config/Thunar/uca.xml"
    path.parent.mkdir(parents=True)
    path.write_text("<actions>")
    assert main(["integrate", "install", "thunar", "nemo"]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert str(path) in captured.err
    assert "Traceback" not in captured.err
    assert path.read_text() == "<actions>"
    assert states(capsys, "thunar", "nemo") == {"thunar": "blocked", "nemo": "installed"}


def test_unknown_manager_is_named(home, capsys):
    with pytest.raises(SystemExit) as error:
        main(["integrate", "install", "windows"])
    assert error.value.code == 2
    assert "unknown file manager 'windows'; there are nautilus" in capsys.readouterr().err
