"""`--model M`, apart from what is done with it: this imports next to nothing."""

import argparse


def add_model_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--model M`."""
    parser.add_argument(
        "--model",
        metavar="M",
        help="model folder or run folder; `imagenet` for the 1,000 classes that the embedded "
        "backbone knows; by default the model trained last",
    )
