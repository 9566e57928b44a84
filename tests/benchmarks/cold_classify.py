"""`fieldguide classify` on one image, the whole process, beside its bare imports."""

import statistics
import subprocess
import sys
import time

from tests.benchmarks.surroundings import ROOT, fieldguide, own_home, photo_data

_RUNS = 15


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    photo = next((photo_data() / "buildings_forest" / "test" / "forest").iterdir())
    with own_home():
        fieldguide("train", ROOT / "resources" / "sample", "--epochs", "1")
        ours, bare, imports = [], [], []
        for _ in range(_RUNS):
            start = time.perf_counter()
            fieldguide("classify", photo)
            ours.append(time.perf_counter() - start)
            bare.append(_seconds("pass"))
            imports.append(_seconds("import numpy, PIL.Image, ai_edge_litert.interpreter"))
    return [
        "| one picture, a process of its own | seconds, median (largest) |",
        "|---|---|",
        f"| `fieldguide classify` | {statistics.median(ours):.2f} ({max(ours):.2f}) |",
        f"| Python that imports NumPy, Pillow, LiteRT | {statistics.median(imports):.2f} |",
        f"| Python that does nothing | {statistics.median(bare):.2f} |",
        "",
        f"Target: at most 1 s and 1.7 times the bare imports; reached: "
        f"**{statistics.median(ours):.2f} s, "
        f"{statistics.median(ours) / statistics.median(imports):.2f} times**.",
    ]


def _seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    print("\n".join(main()))
