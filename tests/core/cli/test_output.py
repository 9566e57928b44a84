"""No name of a file or class takes the terminal over, whichever way it is printed."""

import logging
import subprocess
import sys

import pytest

from core.cli.main import main
from core.cli.output import one_line
from tests.program import CHECKOUT

EVIL = "a\x1b]0;owned\x07\x9b31m\nb\u202e.jpg"


def is_harmless(text: str) -> bool:
    return not set(text) & set("\x1b\x07\x9b\u202e") and text.count("\n") <= 1


def test_lines_hold_no_escape_sequences():
    assert one_line(EVIL) == "a\\x1b]0;owned\\x07\\x9b31m\\nb\\u202e.jpg"


@pytest.mark.parametrize(
    "arguments",
    [
        ["classify", "--model", "imagenet", EVIL],
        ["classify", "--model", EVIL, "x.jpg"],
        ["train", EVIL],
        ["resume", EVIL],
        ["evaluate", "--model", EVIL, "x"],
        ["export", "--model", EVIL, "--format", "tflite"],
        ["check", EVIL],
        ["backbones", "remove", EVIL],
        ["backbones", "list", "--family", EVIL],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_complaints_are_harmless(arguments, capsys):
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "owned" in said.err
    # A run's lines go before the complaint.
    assert all(is_harmless(line) for line in said.err.splitlines())


def test_wrong_calls_are_told_harmlessly(capsys):
    with pytest.raises(SystemExit):
        main(["check", "x", "--" + EVIL])
    last = capsys.readouterr().err.splitlines()[-1]
    assert "owned" in last
    assert is_harmless(last)


def test_log_records_are_harmless():
    program = "; ".join(
        [
            "import logging",
            "from core.cli.output import prepare_streams",
            "prepare_streams()",
            f"logging.getLogger('x').warning('%s is damaged', {EVIL!r})",
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stderr == one_line(EVIL) + " is damaged\n"
    assert logging.lastResort is not None
