"""The commands in a report do what they say: the program's own parser reads them."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from core.cli.image_sources import chosen_images
from core.cli.main import make_parser
from core.cli.setting_options import chosen_config
from core.data.dataset import ImageSource
from core.data.pixels.augmentation import Flip
from core.report.reported_run import ReportedRun, read_reported_run
from core.report.reproduction import command_lines, full_command, short_command
from core.runs.run_folder import RunFolder
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig

CONFIGS = [
    TrainConfig(),
    TrainConfig(seed=7, learning_rate=1e-5, optimizer=Optimizer.ADAM, fine_tune=True),
    TrainConfig(flip=list(Flip)[-1], rotation=12.5, second_backbone="b", mixed_precision=False),
    replace(TrainConfig(), backbone="-odd name"),
]


def reported(tmp_path: Path, config: TrainConfig, sources: list[ImageSource]) -> ReportedRun:
    return read_reported_run(RunFolder.create(tmp_path / "run", config, sources).path)


def read_by_shell(text: str) -> list[str]:
    """The arguments that a shell makes of a text."""
    command = ["sh", "-c", f"printf '%s\\0' {text}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


@pytest.mark.parametrize("config", CONFIGS, ids=range(len(CONFIGS)))
@pytest.mark.parametrize("command", [short_command, full_command])
def test_the_command_leads_to_the_same_settings_and_pictures(tmp_path, config, command) -> None:
    sources = [ImageSource(tmp_path / "it's here; $x"), ImageSource(tmp_path / "b", "a class")]
    lines = command_lines(command(reported(tmp_path, config, sources)))
    assert all(line.endswith(" \\") for line in lines[:-1])
    typed = read_by_shell("\n".join(lines))
    assert typed[:2] == ["fieldguide", "train"]
    parser = make_parser("train")
    arguments = parser.parse_args(typed[1:])
    chosen = chosen_images(parser, arguments)
    assert chosen.sources == tuple(sources)
    assert chosen_config(parser, arguments, TrainConfig()) == config


def test_a_name_with_control_characters_is_no_second_line(tmp_path: Path) -> None:
    run = reported(tmp_path, TrainConfig(), [ImageSource(tmp_path / "a\nrm -rf b\x1b[2J")])
    text = "".join(command_lines(short_command(run)))
    assert "\n" not in text
    assert "\x1b" not in text


def test_thousands_of_sources_make_no_command_of_thousands_of_words(tmp_path: Path) -> None:
    sources = [ImageSource(tmp_path / f"{number}.png", "a") for number in range(5000)]
    assert short_command(reported(tmp_path, TrainConfig(), sources)) == [
        *("fieldguide", "train", "PROJECT", "--seed", "0")
    ]
