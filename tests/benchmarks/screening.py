"""How long it takes to look at a SavedModel's operations, and that the catalogue's kinds pass."""

import tempfile
import time
from pathlib import Path

from core.backbones.saved_model_screening import SAVED_MODEL_FILE, require_computing_only
from resources import resource_path
from tests.architectures import ARCHITECTURES, save_architecture


def main() -> list[str]:
    """Measure; gives lines of Markdown. A network that is refused ends it."""
    lines = ["| SavedModel | graph, MB | looked at in, ms |", "|---|---|---|"]
    embedded = resource_path("backbones", "efficientnet_lite0", "saved_model")
    lines.append(_row("the embedded backbone", embedded))
    for name in ARCHITECTURES:
        with tempfile.TemporaryDirectory() as folder:
            lines.append(_row(name, save_architecture(Path(folder) / "net", name)))
    return lines


def _row(name: str, folder: Path) -> str:
    start = time.perf_counter()
    require_computing_only(folder, name)
    milliseconds = 1e3 * (time.perf_counter() - start)
    size = (folder / SAVED_MODEL_FILE).stat().st_size / 1e6
    return f"| {name} | {size:.1f} | {milliseconds:.0f} |"


if __name__ == "__main__":
    print("\n".join(main()))
