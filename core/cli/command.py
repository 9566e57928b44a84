"""What the commands of the command line have in common.

Imported by every start of the program, the window's too: it stays light.
"""

import argparse
from typing import TypeAlias

# The type that `add_subparsers` returns has no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

COMMANDS = {
    "train": "train a classifier on folders of pictures",
    "resume": "go on with a run that was stopped, crashed or killed",
    "find-learning-rate": "find a learning rate for a training to come",
    "classify": "name what is in pictures",
    "evaluate": "measure a model on labelled pictures",
    "export": "export a trained model and verify that the result agrees with it",
    "check": "find unreadable pictures, duplicates, label conflicts, imbalance",
    "backbones": "list, download, import or remove pretrained feature extractors",
    "integrate": "put “Classify with Fieldguide” into the file manager’s right-click menu",
}
"""What the program can be asked to do without a window, and the line about it in `--help`.

Each is a module of `core.cli` with a function `add_parser(commands)`; a hyphen in a name is an
underscore in the module's.
"""


def add_command(commands: Commands, name: str, description: str = "") -> argparse.ArgumentParser:
    """Add the parser of one of `COMMANDS`, still without arguments.

    Args:
        description: Begins the command's own `--help`.
    """
    return commands.add_parser(name, help=COMMANDS[name], description=description)
