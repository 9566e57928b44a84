"""The commands of the command line.

Imported at every start of the program, of the window too, so it imports little.
"""

import argparse
from typing import TypeAlias

# The type that `add_subparsers` returns has no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

COMMANDS = {
    "train": "train a classifier on folders of pictures",
    "resume": "resume a run that was stopped, crashed or killed",
    "experiment": "try several values of settings and compare the results",
    "find-learning-rate": "suggest a learning rate for training",
    "classify": "classify pictures",
    "evaluate": "measure a model's accuracy on labelled pictures",
    "export": "export a trained model and verify that the result agrees with it",
    "report": "write a report on a run, or a comparison of several, as HTML or PDF",
    "check": "find unreadable pictures, duplicates, label conflicts, imbalance",
    "backbones": "list, download, import or remove pretrained feature extractors",
    "integrate": "put “Classify with Fieldguide” into the file manager’s right-click menu",
}
"""The commands, each with its line in `--help`.

Each is a module of `core.cli` with a function `add_parser(commands)`; a hyphen in a name is an
underscore in the module's.
"""


def add_command(commands: Commands, name: str, description: str = "") -> argparse.ArgumentParser:
    """Add the parser of one of `COMMANDS`, still without arguments.

    Args:
        description: First part of the command's own `--help`.
    """
    return commands.add_parser(name, help=COMMANDS[name], description=description)
