"""The settings of runs: those that say something first, all of them in a fold-out."""

from collections.abc import Sequence

from core.comparison.setting_differences import setting_differences
from core.report.blocks import Block, Cell, Column, Fold, Paragraph, Table, Tone
from core.report.reported_run import ReportedRun
from core.settings.config import SETTINGS, TrainConfig, stepless_settings
from core.settings.setting import PERCENT, Setting, Stage
from core.settings.setting_words import value_text
from core.text import Text


def setting_blocks(config: TrainConfig) -> list[Block]:
    """Return the settings of one run: those that differ from the defaults, then all."""
    idle = idle_settings(config)
    changed = [
        name
        for name, setting in SETTINGS.items()
        if name not in idle and getattr(config, name) != setting.default
    ]
    blocks: list[Block] = []
    if changed:
        columns = (
            Column(Text("Setting")),
            Column(Text("This run")),
            Column(Text("Default")),
        )
        rows = tuple(
            (
                Cell(SETTINGS[name].label),
                Cell(shown_value(name, getattr(config, name))),
                Cell(shown_value(name, SETTINGS[name].default), Tone.MUTED),
            )
            for name in changed
        )
        blocks += [Paragraph(Text("Settings that differ from the defaults:")), Table(columns, rows)]
    else:
        blocks.append(Paragraph(Text("All settings are the defaults.")))
    return [*blocks, _all_settings(config, idle)]


def differing_settings(runs: Sequence[ReportedRun]) -> list[str]:
    """Return the names of the settings that are not the same in all runs, in their order."""
    return [each.name for each in setting_differences([run.config for run in runs])]


def differing_table(runs: Sequence[ReportedRun], titles: Sequence[Column]) -> Table | None:
    """Put the settings that differ in rows and the runs in columns; None if all are the same.

    Args:
        titles: The column of each run.
    """
    names = differing_settings(runs)
    idle = [idle_settings(run.config) for run in runs]
    rows = [
        (
            Cell(SETTINGS[name].label),
            *(
                Cell("–", Tone.MUTED)
                if name in idle[number]
                else Cell(shown_value(name, getattr(run.config, name)))
                for number, run in enumerate(runs)
            ),
        )
        for name in names
        if not all(name in each for each in idle)
    ]
    return Table((Column(Text("Setting")), *titles), tuple(rows)) if rows else None


def idle_settings(config: TrainConfig) -> set[str]:
    """Return the names of the settings that have no part in a run."""
    idle = stepless_settings(config)
    if not config.fine_tune:
        idle |= {name for name, each in SETTINGS.items() if each.stage is Stage.FINE_TUNING}
    return idle - {"fine_tune"}


def shown_value(name: str, value: object) -> str:
    """Return a value with its unit."""
    setting = SETTINGS[name]
    text = value_text(setting, value)
    has_unit = _is_counted(setting) and value not in setting.words
    return Text("%1 %2", text, setting.unit) if has_unit else text


def _is_counted(setting: Setting) -> bool:
    """Tell whether a value says little without its unit; "fraction" and "alpha" add nothing."""
    return setting.unit not in ("", PERCENT) and (setting.kind is int or setting.unit == "degrees")


def _all_settings(config: TrainConfig, idle: set[str]) -> Fold:
    columns = (Column(Text("Setting")), Column(Text("Value")), Column(Text("Meaning")))
    rows = []
    for name, setting in SETTINGS.items():
        tone = Tone.MUTED if name in idle else Tone.PLAIN
        value = shown_value(name, getattr(config, name))
        if name in idle:
            value = Text("%1 (no effect)", value)
        cells = Cell(setting.label, tone), Cell(value, tone), Cell(setting.explanation, Tone.MUTED)
        rows.append(cells)
    return Fold(Text("All settings"), (Table(columns, tuple(rows)),))
