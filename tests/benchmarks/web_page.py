"""An export to TensorFlow.js under Node.js and in Chromium: distance to `classify`, size, time."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.models.predictor import Predictor, trained_classifier
from core.text import decimal_text
from tests import probabilities_program
from tests.benchmarks.foreign_clients import prepared_photos
from tests.benchmarks.surroundings import ROOT, fieldguide, own_home
from tests.chromium import Page, chromium_page, find_chromium
from tests.tfjs_page import shown_probabilities

_NUM_TIMED = 20
Rows = NDArray[np.float64]


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    if find_chromium() is None:
        sys.exit("There is no Chromium: apt-get install chromium")
    with own_home() as home:
        photos = prepared_photos(home)
        run_dir = home / "run"
        settings = ("--resize-mode", "pad", "--epochs", "5", "--seed", "1")
        fieldguide("train", home / "trained", *settings, "--output", run_dir)
        line = _exported(run_dir)
        folder = run_dir / "exports" / "tfjs"
        predictor = Predictor(trained_classifier(run_dir / "model"))
        expected = np.stack([predictor.classify_file(path) for path in photos]).astype(np.float64)
        rows = [_row("`predict.py`, " + line["runtime"], _under_node(folder, photos), expected)]
        with chromium_page() as page:
            version = page.ask("Browser.getVersion")["product"]
            page.open((folder / "index.html").as_uri())
            found = _in_page(page, photos)
            rows.append(_row(f"`index.html` from disk, {version}", found, expected))
            milliseconds = _page_times(page)
        beside = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
        return [
            "| client | same class | largest Δp |",
            "|---|---|---|",
            *rows,
            "",
            f"The model has {line['size_bytes'] / 1e6:.1f} MB, the files beside it "
            f"{beside / 1e6:.1f} MB. {line['num_images']} pictures under Node.js: "
            f"{100 * line['top1_agreement']:.2f}% the same class, largest Δp "
            f"{decimal_text(line['max_abs_diff'], 2)}; {line['latency_ms_p50']:.0f} ms a picture "
            f"(median), 95th percentile {line['latency_ms_p95']:.0f}, "
            f"{line['images_per_s']:.0f} a second in batches. In Chromium {milliseconds:.0f} ms "
            f"(median of {_NUM_TIMED}), pixels at hand.",
        ]


def _exported(run_dir: Path) -> dict[str, Any]:
    command = [sys.executable, ROOT / "main.py", "export", "--json", "--model", run_dir]
    done = subprocess.run([*command, "--format", "tfjs"], stdout=subprocess.PIPE, check=False)
    line: dict[str, Any] = json.loads(done.stdout)
    if "error" in line:
        sys.exit(line["error"])
    return line


def _under_node(folder: Path, photos: list[Path]) -> Rows:
    command = [sys.executable, probabilities_program.__file__, folder, *photos]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return np.array(json.loads(done.stdout)["probabilities"])


def _in_page(page: Page, photos: list[Path]) -> Rows:
    page.choose_files("#chooser", photos)
    return shown_probabilities(page, len(photos))


def _page_times(page: Page) -> float:
    """Median milliseconds of a picture whose pixels are read."""
    script = f"""
        (async () => {{
            const read = async (name) => Uint8Array.from(
                atob(fieldguideFiles[name]), (character) => character.charCodeAt(0)).buffer;
            const model = await fieldguide.openModel(read, fieldguideDescription);
            const [height, width] = fieldguideDescription.input_size;
            const pixels = new Uint8Array(height * width * 3).fill(100);
            const times = [];
            for (let i = 0; i < {_NUM_TIMED}; i++) {{
                const began = performance.now();
                await model.probabilities(pixels, 1);
                times.push(performance.now() - began);
            }}
            return times;
        }})()
    """
    return float(np.median(page.run(script)))


def _row(client: str, found: Rows, expected: Rows) -> str:
    same = int((found.argmax(axis=1) == expected.argmax(axis=1)).sum())
    largest = decimal_text(float(np.abs(found - expected).max()), 2)
    return f"| {client} | {same} of {len(found)} | {largest} |"
