"""The settings of a training as command-line options."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from core.backbones.strange_address import refuse_strange_address
from core.settings.config import SETTINGS, TrainConfig
from core.settings.setting import Setting, SettingError, Stage
from core.text import decimal_text


def add_setting_arguments(parser: argparse.ArgumentParser) -> None:
    """Add an option for every setting."""
    group = parser.add_argument_group("settings")
    for name, setting in SETTINGS.items():
        _add_option(group, name, setting)


def option_name(name: str) -> str:
    """Return the option of a setting, by the name of its field in `TrainConfig`."""
    return "--" + name.replace("_", "-")


def chosen_config(
    parser: argparse.ArgumentParser, arguments: argparse.Namespace, config: TrainConfig
) -> TrainConfig:
    """Return `config` with the settings that were given as options.

    Args:
        config: Defaults, or the settings of a project, which may come from elsewhere.

    Raises:
        BackboneError: If only the project asks for a download from an unknown address.
        SystemExit: If a value is out of range.
    """
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


def idle_options(arguments: argparse.Namespace, config: TrainConfig) -> str:
    """List the options that only fine-tuning uses, if they were given without it; else ""."""
    if config.fine_tune:
        return ""
    given = {
        name: value
        for name, value in sorted(_given(arguments).items())
        if SETTINGS[name].stage is Stage.FINE_TUNING
    }
    return ", ".join(
        option_name(f"no_{name}" if value is False else name) for name, value in given.items()
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
    return decimal_text(setting.default) if setting.kind is float else str(setting.default)
