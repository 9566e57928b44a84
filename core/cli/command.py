"""What the commands of the command line have in common."""

import argparse
from typing import TypeAlias

# The type that `add_subparsers` returns has no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
