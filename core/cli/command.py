"""What the commands of the command line have in common."""

import argparse
from typing import TypeAlias

# The type that `add_subparsers` returns has no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

COMMAND_NAMES = frozenset(
    {
        "train",
        "resume",
        "find-learning-rate",
        "classify",
        "evaluate",
        "export",
        "check",
        "backbones",
        "integrate",
    }
)
"""What the program can be asked to do without a window."""
