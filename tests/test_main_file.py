"""What opens the window, and what is a command."""

import argparse

import pytest

from core.cli.command import COMMAND_NAMES
from core.cli.main import _parser
from main import opens_window


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
        action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction)
    ]
    assert set(commands.choices) == COMMAND_NAMES
