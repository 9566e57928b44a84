"""What opens the window, and what is a command."""

import argparse
import os
import subprocess
import sys

import pytest

from core.cli.command import COMMANDS
from core.cli.main import make_parser
from main import opens_window
from tests.conftest import CHECKOUT


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flowers").mkdir()
    (tmp_path / "train").mkdir()
    (tmp_path / "birds.fieldguide").write_text("{}")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["birds.fieldguide"], True),
        (["flowers"], True),
        (["train"], False),
        (["train", "flowers"], False),
        (["./train"], True),
        (["--help"], False),
        (["flowerz"], False),
    ],
    ids=str,
)
def test_paths_open_the_window_and_commands_do_not(arguments, expected):
    assert opens_window(arguments) is expected


def test_every_command_of_the_parser_is_known():
    [commands] = [
        action
        for action in make_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    assert list(commands.choices) == list(COMMANDS)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
def test_without_a_display_one_line_says_so():
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, str(CHECKOUT / "main.py")],
        env={name: value for name, value in os.environ.items() if name not in hidden},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "there is no display" in done.stderr
    assert len(done.stderr.splitlines()) == 1
