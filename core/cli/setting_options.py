"""The settings of a training as command-line options."""

import argparse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from core.backbones.strange_address import refuse_strange_address
from core.settings.config import SETTINGS, TrainConfig, fixed_norm_reason, stepless_settings
from core.settings.setting import Setting, SettingError, Stage
from core.settings.setting_words import option_name
from core.text import decimal_text


def add_setting_arguments(parser: argparse.ArgumentParser) -> None:
    """Add an option for every setting."""
    group = parser.add_argument_group("settings")
    for name, setting in SETTINGS.items():
        _add_option(group, name, setting)


def chosen_config(
    parser: argparse.ArgumentParser, arguments: argparse.Namespace, config: TrainConfig
) -> TrainConfig:
    """Return `config` with the settings that were given as options.

    Args:
        config: Defaults, or the settings of a project, which may come from elsewhere.

    Raises:
        BackboneError: If only the project asks for a download from an unknown address.
        SystemExit: If a value is out of range, or a second backbone is given twice.
    """
    if len(getattr(arguments, "backbone", ())) > 1 and hasattr(arguments, "second_backbone"):
        parser.error("--second-backbone and a second --backbone mean the same: give one of them.")
    given = _given(arguments)
    for name in ("backbone", "second_backbone"):
        if name not in given:
            refuse_strange_address(getattr(config, name), "The project")
    try:
        values: dict[str, Any] = {
            name: SETTINGS[name].from_json(name, value) for name, value in given.items()
        }
        return replace(config, **values)
    except SettingError as error:
        parser.error(f"{error.fault(option_name)} Received: {error.value}")


def idle_notes(arguments: argparse.Namespace, config: TrainConfig) -> list[str]:
    """Return a sentence for each reason why options that were given have no effect."""
    given = _given(arguments)
    tuning = {name for name, each in SETTINGS.items() if each.stage is Stage.FINE_TUNING}
    notes = []
    if not config.fine_tune and (idle := _options(given, tuning)):
        notes.append(f"{idle} has no effect without --fine-tune.")
    if idle := _options(given, stepless_settings(config)):
        notes.append(
            f"{idle} has no effect on an exact fit of the head, which takes no steps. Choose "
            "another --optimizer, such as adam."
        )
    if reason := fixed_norm_reason(config):
        notes.append(reason)
    if config.second_backbone.strip() and len(config.backbones) == 1:
        notes.append("The second backbone has no effect: it is the first one.")
    return notes


def _options(given: Mapping[str, Any], names: Collection[str]) -> str:
    """List those options that were given."""
    return ", ".join(
        option_name(f"no_{name}" if value is False else name)
        for name, value in sorted(given.items())
        if name in names
    )


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    given = {name: value for name, value in vars(arguments).items() if name in SETTINGS}
    if "backbone" in given:
        given |= dict(zip(("backbone", "second_backbone"), given["backbone"], strict=False))
    return given


def _add_option(group: argparse._ArgumentGroup, name: str, setting: Setting) -> None:
    # Suppressed unless given: a default must not replace a project's setting.
    options: dict[str, Any] = {
        "default": argparse.SUPPRESS,
        "help": f"{setting.option_help} (default: {_default_text(setting)})",
    }
    if setting.kind is bool:
        options |= {"action": argparse.BooleanOptionalAction}
    elif name == "backbone":
        options |= {"action": _Backbones, "metavar": "NAME"}
    elif issubclass(setting.kind, StrEnum):
        options |= {"choices": [str(choice) for choice in setting.kind]}
    elif setting.kind is str:
        options |= {"metavar": "NAME"}
    else:
        options |= {"type": setting.kind, "metavar": setting.kind.__name__.upper()}
    group.add_argument(option_name(name), **options)
    if setting.stored_as:  # The older option still works, but the help leaves it out.
        older = options | {"help": argparse.SUPPRESS, "dest": name}
        group.add_argument(option_name(setting.stored_as), **older)


class _Backbones(argparse.Action):
    """Collects one backbone or two."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        names = [*getattr(namespace, self.dest, ()), values]
        if len(names) > 2:
            parser.error(f"{option_string} can be given twice, for two backbones, and no more.")
        setattr(namespace, self.dest, names)


def _default_text(setting: Setting) -> str:
    if setting.kind is bool:
        return "on" if setting.default else "off"
    if setting.kind is float:
        return decimal_text(setting.default)
    return str(setting.default) or "none"
