"""Uses a built program as somebody would who has just installed it.

Usage: smoke_test.py [--sample FOLDER] [--without-windows] [--json FILE] -- PROGRAM...

PROGRAM is what starts Fieldguide: the bundle's program, `fieldguide` of a package or environment.
It gets a new home with blanks and letters of other scripts in its name, next to nothing as its
environment, and knows no checkout. Needs nothing but Python's own library; for windows Xvfb and
xdotool. Prints a line for each step and exits with 1 if one failed.
"""

import argparse
import base64
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FORMATS = ("saved-model", "tflite", "tflite-float16", "tflite-dynamic", "tflite-int8", "onnx")
_LONGEST_S = 600
# Red, green, blue and yellow quarters of 48×32 pixels, lossless.
_JPEG_XL = "/woHQSQIBAEApABLKCTGlRIKphjhXtTz8zHoLxAEAJCMnwjzfyuyo30KR3T7tb8MSR+K+g=="
_RED, _GREEN, _BLUE, _YELLOW = (220, 20, 20), (20, 180, 20), (20, 20, 220), (230, 220, 20)
_KEPT = ("LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "PATHEXT", "COMSPEC")


class SmokeTest:
    """The steps, one after the other, in one home.

    Args:
        program: What starts Fieldguide.
        sample: Class folders to train on.
        place: An empty folder; all happens in it.
    """

    def __init__(self, program: list[str], sample: Path, place: Path) -> None:
        self.program, self.place = program, place
        self.home = place / "home"
        self.images = place / "pictures ünd 写真"
        self.run_dir = place / "my first run"
        self.results: dict[str, float] = {}
        self.failed: dict[str, str] = {}
        self.home.mkdir()
        (place / "run").mkdir(mode=0o700)
        shutil.copytree(sample, self.images)
        self.environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self.environment |= {
            "HOME": str(self.home),
            "PATH": os.defpath if os.name == "nt" else "/usr/local/bin:/usr/bin:/bin",
            "XDG_RUNTIME_DIR": str(place / "run"),
            "XDG_CURRENT_DESKTOP": "X-Generic",
            "FIELDGUIDE_OFFLINE": "1",
        }

    def step(self, work: Callable[[], object]) -> None:
        """Do what a docstring names; note how long it took, or why it failed."""
        name = work.__doc__ or ""
        start = time.perf_counter()
        try:
            seconds = work()
        except Exception as error:  # noqa: BLE001 - any of them is what is looked for
            self.failed[name] = str(error)
            print(f"FAILED {name}: {error}", flush=True)
            return
        taken = seconds if isinstance(seconds, float) else time.perf_counter() - start
        self.results[name] = round(taken, 2)
        print(f"{taken:7.2f} s  {name}", flush=True)

    def call(self, *arguments: str | Path, code: int = 0) -> str:
        """Run the program to its end; gives standard output."""
        done = subprocess.run(
            [*self.program, *map(str, arguments)],
            env=self.environment,
            cwd=self.place,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=_LONGEST_S,
            check=False,
        )
        words = (done.stdout + done.stderr)[-3000:]
        require(done.returncode == code, f"exit code {done.returncode}: {words}")
        require("Traceback" not in done.stderr, done.stderr[-3000:])
        return done.stdout

    # The steps; the second of two windows finds the program in the disk's cache.

    def version(self) -> None:
        """say the version"""
        require(self.call("--version").startswith("fieldguide "), "no version")

    def check_images(self) -> None:
        """check the sample"""
        lines = json_lines(self.call("check", self.images, "--json"))
        require(lines[-1]["num_images"] == 48, str(lines[-1]))

    def train(self) -> None:
        """train on the sample, 20 epochs"""
        text = self.call("train", self.images, "--epochs", "20", "--output", self.run_dir, "--json")
        last = json_lines(text)[-1]
        require(last["event"] == "training_finished", str(last))
        require(last["test_accuracy"] > 0.8, str(last))

    def classify(self) -> None:
        """classify one image, cold"""
        (answer,) = json_lines(self.call("classify", "--json", self.image()))
        require(answer["label"] == "brick", str(answer))

    def classify_many(self) -> None:
        """classify 48, with table and copies"""
        self.call("classify", self.images, "--csv", "table.csv", "--copy-to", "sorted")
        rows = (self.place / "table.csv").read_text(encoding="utf-8-sig").splitlines()
        require(len(rows) == 49, f"{len(rows)} rows")
        copies = [path for path in (self.place / "sorted").rglob("*") if path.is_file()]
        require(len(copies) == 48, f"{len(copies)} copies")

    def read_more_bits(self) -> None:
        """read JPEG XL and a 16-bit TIFF in planes as the same in 8 bits"""
        folder = self.place / "more bits"
        folder.mkdir()
        (folder / "8-bit.ppm").write_bytes(b"P6 48 32 255\n" + bytes(quarters()))
        (folder / "planes.tif").write_bytes(planar_tiff(quarters()))
        (folder / "picture.jxl").write_bytes(base64.b64decode(_JPEG_XL))
        answers = json_lines(self.call("classify", "--json", folder))
        told = {(answer.get("label"), answer.get("probability")) for answer in answers}
        require(len(answers) == 3 and len(told) == 1 and None not in told, str(answers))

    def evaluate(self) -> None:
        """evaluate"""
        result = json.loads(self.call("evaluate", self.images, "--json"))
        require(result["accuracy"] > 0.9, str(result["accuracy"]))

    def fine_tune(self) -> None:
        """fine-tune for one epoch"""
        options = [
            "--epochs",
            "2",
            "--fine-tune",
            "--fine-tune-epochs",
            "1",
            "--flip",
            "horizontal",
        ]
        text = self.call("train", self.images, *options, "--output", "tuned", "--json")
        require(json_lines(text)[-1]["event"] == "training_finished", text[-500:])

    def export(self) -> None:
        """export six formats and verify them"""
        options = ["--model", self.run_dir, "--output", "exports", "--json"]
        text = self.call("export", *options, "--images", self.images, "--format", *FORMATS)
        artifacts = [line for line in json_lines(text) if "format" in line]
        bad = [line for line in artifacts if not line.get("passed")]
        require(len(artifacts) == len(FORMATS) and not bad, text[-2000:])

    def backbones(self) -> None:
        """list the backbones"""
        lines = json_lines(self.call("backbones", "list", "--all", "--json"))
        require(len(lines) > 100, f"{len(lines)} backbones")

    def integrate(self) -> None:
        """install and remove file-manager entries"""
        self.call("integrate", "install", "desktop", "thunar")
        desktop = self.home / ".local/share/applications/fieldguide-classify.desktop"
        text = desktop.read_text(encoding="utf-8")
        require("classify --window" in text, text)
        self.call("integrate", "status", "--json")
        self.call("integrate", "remove", "desktop", "thunar")
        require(not desktop.exists(), "the entry is still there")

    def main_window(self) -> float:
        """start to window"""
        return self._window(["Fieldguide"], ())

    def quick_window(self) -> float:
        """start to quick window"""
        image = self.image()
        return self._window([image.name], ("classify", "--window", image))

    def image(self) -> Path:
        """One of the sample."""
        return min((self.images / "brick").iterdir())

    def _window(self, title: list[str], arguments: tuple[str | Path, ...]) -> float:
        """Open a window and close it again; gives the seconds until it was there."""
        log = self.place / "window.log"
        with a_display() as display, log.open("wb") as output:
            environment = self.environment | {"DISPLAY": display}
            start = time.perf_counter()
            program = subprocess.Popen(
                [*self.program, *map(str, arguments)],
                env=environment,
                cwd=self.place,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            try:
                search = ["xdotool", "search", "--onlyvisible", "--name", title[0]]
                while subprocess.run(search, env=environment, capture_output=True).returncode:
                    gone = program.poll() is not None
                    require(not gone, f"it ended: {log.read_text(errors='replace')[-2000:]}")
                    require(time.perf_counter() - start < 60, "no window in a minute")
                seconds = time.perf_counter() - start
                time.sleep(3)  # what comes late may fail, too
                program.send_signal(signal.SIGTERM)
                code = program.wait(30)
            finally:
                with suppress(OSError):
                    program.kill()
        words = log.read_text(errors="replace")
        require(code == 0, f"exit code {code}: {words[-2000:]}")
        require("Traceback" not in words, words[-2000:])
        return seconds


@contextmanager
def a_display() -> Iterator[str]:
    """A screen without a monitor; gives its name."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait(20)


def quarters() -> list[int]:
    """Values of a picture of 48×32 pixels, each pixel's red, green and blue after another."""
    above, below = ((*left * 24, *right * 24) for left, right in ((_RED, _GREEN), (_BLUE, _YELLOW)))
    return [*above * 16, *below * 16]


def planar_tiff(values: list[int]) -> bytes:
    """These as a TIFF of 16 bits, all of red before green before blue."""
    planes = [struct.pack("<1536H", *(257 * value for value in values[i::3])) for i in range(3)]
    # Behind the header and eleven entries: bits of the three samples, places and sizes of planes.
    bits, places, sizes, data = 146, 152, 164, 176
    starts = [data + 3072 * i for i in range(3)]
    entries = (
        (256, 4, 1, 48),  # width
        (257, 4, 1, 32),  # height
        (258, 3, 3, bits),
        (259, 3, 1, 1),  # not compressed
        (262, 3, 1, 2),  # RGB
        (273, 4, 3, places),
        (277, 3, 1, 3),  # samples of a pixel
        (278, 4, 1, 32),  # rows of a strip
        (279, 4, 3, sizes),
        (284, 3, 1, 2),  # in planes
        (339, 3, 1, 1),  # unsigned numbers
    )
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + directory + struct.pack("<I", 0)
    values_of_entries = struct.pack("<3H3I3I", 16, 16, 16, *starts, *[3072] * 3)
    return head + values_of_entries + b"".join(planes)


def json_lines(text: str) -> list[dict]:
    """What `--json` prints."""
    return [json.loads(line) for line in text.splitlines()]


def require(condition: bool, what: str) -> None:
    """Fail unless something is so.

    Raises:
        RuntimeError: With `what`.
    """
    if not condition:
        raise RuntimeError(what)


def main() -> int:
    """Do all steps; gives the exit code."""
    parser = argparse.ArgumentParser(description="Use a built Fieldguide as its users would.")
    sample = Path(__file__).resolve().parents[1] / "resources" / "sample"
    parser.add_argument("--sample", type=Path, default=sample)
    parser.add_argument("--without-windows", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("program", nargs="+")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fieldguide ünd ") as folder:
        test = SmokeTest(arguments.program, arguments.sample, Path(folder))
        steps = [
            test.version,
            test.check_images,
            test.train,
            test.classify,
            test.classify_many,
            test.read_more_bits,
            test.evaluate,
            test.fine_tune,
            test.export,
            test.backbones,
            test.integrate,
        ]
        windows = [test.main_window, test.main_window, test.quick_window]
        for work in steps if arguments.without_windows else [*steps, *windows]:
            test.step(work)
    if arguments.json:
        arguments.json.write_text(json.dumps(test.results, indent=2), encoding="utf-8")
    print("FAILED: " + ", ".join(test.failed) if test.failed else "All steps passed.")
    return 1 if test.failed else 0


if __name__ == "__main__":
    sys.exit(main())
