"""The option to trust a model from elsewhere."""

import argparse


def add_trust_argument(parser: argparse.ArgumentParser, what: str) -> None:
    """Add `--trust`.

    Args:
        what: The thing to trust, such as `the backbone`.
    """
    parser.add_argument(
        "--trust",
        action="store_true",
        help=f"run {what} even if its SavedModel has operations that may do more than compute, "
        "such as write files with your permissions. Remembered for exactly this content",
    )
