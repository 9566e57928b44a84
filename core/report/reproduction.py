"""The command that repeats a run."""

import shlex
from collections.abc import Iterator
from enum import StrEnum

from core.plain_text import escape_controls, valid_unicode
from core.report.reported_run import ReportedRun
from core.settings.config import SETTINGS, TrainConfig
from core.settings.setting_words import option_name
from core.text import decimal_text

_LINE_LENGTH = 84
_MOST_SOURCES = 40


def short_command(run: ReportedRun) -> list[str]:
    """Return the arguments that repeat a run with this version's defaults."""
    config = run.config
    changed = (name for name in SETTINGS if getattr(config, name) != SETTINGS[name].default)
    options = [part for name in changed if name != "seed" for part in _option(config, name)]
    return [*_beginning(run), *options, *_option(config, "seed")]


def full_command(run: ReportedRun) -> list[str]:
    """Return the arguments that repeat a run, each setting named: for any version."""
    options = [part for name in SETTINGS for part in _option(run.config, name)]
    return [*_beginning(run), *options]


def command_lines(arguments: list[str]) -> tuple[str, ...]:
    """Write arguments as they are typed into a shell, in lines that end with a backslash."""
    lines: list[str] = []
    for argument in arguments:
        word = escape_controls(valid_unicode(shlex.quote(argument)))
        is_new_line = not lines or len(lines[-1]) + len(word) > _LINE_LENGTH
        # An option and its value stay together.
        if is_new_line and (not lines or argument.startswith("--")):
            lines.append(word if not lines else f"    {word}")
        else:
            lines[-1] += f" {word}"
    return (*(f"{line} \\" for line in lines[:-1]), lines[-1])


def has_short_sources(run: ReportedRun) -> bool:
    """Tell whether the sources of the images can be named in a command."""
    return len(run.sources) <= _MOST_SOURCES


def _beginning(run: ReportedRun) -> Iterator[str]:
    yield from ("fieldguide", "train")
    if not has_short_sources(run):
        yield "PROJECT"
        return
    yield from (str(source.path) for source in run.sources if source.label is None)
    for source in run.sources:
        if source.label is not None:
            yield from ("--class", source.label, str(source.path))


def _option(config: TrainConfig, name: str) -> list[str]:
    value, option = getattr(config, name), option_name(name)
    if isinstance(value, bool):
        return [option if value else option_name(f"no_{name}")]
    if isinstance(value, float):
        return [option, decimal_text(value)]
    text = str(value.value) if isinstance(value, StrEnum) else str(value)
    # A value that begins with a hyphen would be taken for an option.
    return [f"{option}={text}"] if text.startswith("-") or not text else [option, text]
