"""The option that says to trust a model from elsewhere."""

import argparse


def add_trust_argument(parser: argparse.ArgumentParser, what: str) -> None:
    """Add `--trust`.

    Args:
        what: What is trusted, such as `the backbone`.
    """
    parser.add_argument(
        "--trust",
        action="store_true",
        help=f"run {what} even if its SavedModel holds operations that may do more than compute, "
        "such as write files: they have your rights. Remembered for exactly this content",
    )
