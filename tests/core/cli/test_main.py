"""`fieldguide`: help, usage errors, and errors told in one line."""

import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

import pytest

from core.cli import backbones, evaluate, run_display
from core.cli.main import main
from core.cli.output import EXIT_INTERRUPTED
from core.errors import FieldguideError
from core.messages.requests import TrainRequest
from core.settings.config import TrainConfig
from tests.models import PHOTO_NAMES, PHOTOS
from tests.program import CHECKOUT

COMMANDS = ("train", "resume", "classify", "evaluate", "check", "backbones")


def exit_code(*arguments: str) -> object:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return caught.value.code


@pytest.fixture
def requests(monkeypatch) -> list[TrainRequest]:
    """What is asked of the worker, which isn't started."""
    asked = []
    monkeypatch.setattr(
        run_display,
        "follow_run",
        lambda request, as_json, on_begun: asked.append(request) or 0,
    )
    return asked


def test_version_is_that_of_the_project(capsys) -> None:
    assert exit_code("--version") == 0
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert capsys.readouterr().out == f"fieldguide {project['version']}\n"


def test_help_names_every_command(capsys) -> None:
    assert exit_code("--help") == 0
    printed = capsys.readouterr().out
    assert all(f"\n    {command}" in printed for command in COMMANDS)


def test_a_command_loads_no_other(model: Path) -> None:
    """What the others import takes several times as long as an image does."""
    photo, code = PHOTOS / PHOTO_NAMES[0], "import sys, main; main.main(); print(*sys.modules)"
    call = [sys.executable, "-c", code, "classify", "--model", str(model), str(photo)]
    done = subprocess.run(call, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert {
        name for name in loaded if name.startswith(("core.worker", "core.file_managers"))
    } == set()
    assert {f"core.cli.{name}" for name in COMMANDS} & set(loaded) == {"core.cli.classify"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys) -> None:
    assert exit_code(command, "--help") == 0
    assert command in capsys.readouterr().out


DEFAULT_TEXTS = {"True": "on", "False": "off", "1e-05": "0.00001"}


def test_help_of_train_lists_every_setting_with_its_default(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    assert exit_code("train", "--help") == 0
    settings = "\n" + capsys.readouterr().out.partition("\nsettings:")[2]
    one_a_line = ["-" + " ".join(part.split()) for part in settings.split("\n  -")]
    for field in fields(TrainConfig):
        (line,) = [line for line in one_a_line if re.match(f"{option(field.name)}[, ]", line)]
        default = DEFAULT_TEXTS.get(str(field.default), field.default)
        default = "none" if default == "" else default
        assert line.endswith(f"(default: {default})")
        if isinstance(field.default, StrEnum):
            assert all(str(choice) in line for choice in type(field.default))


def test_defaults_of_train_are_those_of_a_config(requests) -> None:
    assert main(["train", "folder"]) == 0
    assert requests[0].config == TrainConfig()


def option(name: str) -> str:
    return "--" + name.replace("_", "-")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "COMMAND"),
        (["fly"], "fly"),
        (["classify"], "IMAGE_OR_FOLDER"),
        (["classify", "a.jpg", "--json", "--csv", "-"], "not allowed with"),
        (["evaluate"], "name the images"),
        (["check"], "name the images"),
        (["check", "--class", "cats"], "--class cats needs at least one picture"),
        (["backbones"], "ACTION"),
        (["train", "folder", "--epochs", "0"], "--epochs must be from 1 to 1,000,000. Received: 0"),
        (["train", "folder", "--epochs", "many"], "--epochs"),
        (["train", "folder", "--optimizer", "lion"], "--optimizer"),
        (["train", "folder", "--dropout", "1"], "--dropout must be from 0 to below 1"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_ends_with_two(arguments: list[str], word: str, capsys) -> None:
    assert exit_code(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert word in printed.err


def raising(error: BaseException):
    def run(arguments: object) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "printed"),
    [
        (FieldguideError("Something.\nMore."), 1, "fieldguide: Something.\\nMore.\n"),
        (FieldguideError("bell \a"), 1, "fieldguide: bell \\x07\n"),
        (OSError(36, "File name too long", "aaa"), 1, "Can't use aaa: File name too long."),
        (OSError(28, "No space left on device"), 1, "No space left on device"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 1, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_error_ends_with_its_code_and_one_line(
    monkeypatch, capsys, error: BaseException, code: int, printed: str
) -> None:
    monkeypatch.setattr(backbones, "_list", raising(error))
    assert main(["backbones", "list"]) == code
    told = capsys.readouterr().err
    assert printed in told
    assert told.count("\n") == (1 if printed else 0)


def test_bug_is_not_hidden(monkeypatch) -> None:
    monkeypatch.setattr(evaluate, "_run", lambda parser, arguments: {}["gone"])
    with pytest.raises(KeyError):
        main(["evaluate", "folder"])
    assert EXIT_INTERRUPTED == 130
