"""The environment of packaging/old_runtimes, in which exports meet the oldest promised runtimes."""

import os
from pathlib import Path

import pytest


def find_old_runtimes() -> Path | None:
    """Its Python; None where it isn't made."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    named = os.environ.get("FIELDGUIDE_OLD_RUNTIMES")
    python = Path(named or Path(cache) / "fieldguide-old-runtimes") / "bin/python"
    return python if python.exists() else None


def old_runtimes_python() -> Path:
    """Its Python; the test is skipped where it isn't made."""
    python = find_old_runtimes()
    if python is None:
        pytest.skip("no environment with the oldest runtimes: make old-runtimes")
    return python
