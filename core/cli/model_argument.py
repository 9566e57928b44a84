"""The argument `--model M`, in a module that imports next to nothing."""

import argparse


def add_model_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--model M`."""
    parser.add_argument(
        "--model",
        metavar="M",
        help="model folder, run folder or name of a run, or `imagenet` for the 1,000 ImageNet "
        "classes of the embedded backbone; by default the model trained last",
    )
