"""What is dear to make and only looked at is made once, by whichever process needs it first."""

import os
import pickle
from collections.abc import Callable
from typing import TypeVar

import pytest
from filelock import FileLock

Made = TypeVar("Made")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[], Made]) -> Made:
    """The result of `make`, or what another process of this test run has made under that name.

    Args:
        make: Gives something that can be pickled. Skipping inside it skips in each process.
    """
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which the processes share
    path = folder / f"{name}.pickle"
    with FileLock(f"{path}.lock"):
        if path.exists():
            made: Made = pickle.loads(path.read_bytes())
            return made
        made = make()
        path.write_bytes(pickle.dumps(made))
        return made
