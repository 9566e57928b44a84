"""Tries everything that needs an NVIDIA GPU and prints one table: see docs/gpu.md.

    python packaging/gpu_check/run.py [--output FOLDER] [--images FOLDER] [--model RUN]

Each step ends as `done`, `refused` (this machine can't do it, with the reason) or `failed`; the
exit code is 1 if one failed. All that the steps said is in FOLDER/log.txt, the table in
FOLDER/gpu_check.json. It uses the checkout's `.venv`, and makes the TF-TRT environment if there
is none.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
PRECISIONS = ("fp32", "fp16", "int8")
LEAST_AGREEMENT = {"fp32": 0.99, "fp16": 0.99, "int8": 0.95}
_LONGEST = 100
_NO_GPU = "there is no GPU that TensorFlow can use"
# How the errors begin that say what this machine lacks.
_REFUSALS = ("No TensorRT engine was built", "INT8 calibration needs", "TF-TRT needs a Python")
_DEVICES = """
import json, tensorflow as tf
gpus = tf.config.list_physical_devices("GPU")
names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in gpus]
print(json.dumps({"tensorflow": tf.__version__, "gpus": names}))
"""


@dataclass(frozen=True)
class Outcome:
    """What a step came to: `state` is done, refused or failed."""

    step: str
    state: str
    detail: str
    seconds: float
    facts: dict[str, Any] = field(default_factory=dict)


class Check:
    """The steps, and what they share.

    Args:
        output: Folder for what they make.
        images: Image folder to train on.
        run_dir: A trained run to export; None to train one.
        precisions: To export with.
    """

    def __init__(
        self,
        output: Path,
        images: Path,
        run_dir: Path | None,
        precisions: Sequence[str] = PRECISIONS,
    ) -> None:
        self._output, self._images, self._run_dir = output, images, run_dir
        self._precisions = precisions
        self._log = output / "log.txt"
        self._log.unlink(missing_ok=True)
        own = CHECKOUT / ".venv" / "bin" / "python"
        self._python = str(own if own.exists() else sys.executable)
        self._gpus: list[str] = []
        self._heard: list[float] = []  # when each line of the last program came

    def steps(self) -> Iterator[Outcome]:
        """All of them, one after the other."""
        yield self._devices()
        train = ["train", self._images, "--epochs", "5", "--seed", "1"]
        yield self._training("train a head on the GPU", train, "gpu")
        fine_tune = [*train, "--fine-tune", "--fine-tune-epochs", "2"]
        for kind in ("mixed-precision", "no-mixed-precision"):
            words = kind.replace("-", " ").replace("no mixed", "full")
            yield self._training(f"fine-tune in {words}", [*fine_tune, f"--{kind}"], kind)
        if self._run_dir is None:
            yield self._model(train)
        yield self._environment()
        yield self._capability()
        yield from self._exports("tf-trt", "convert to TF-TRT {}")
        for precision in self._precisions:
            yield self._engines(precision)
        yield from self._exports("tensorrt", "build a TensorRT engine {}")

    def _devices(self) -> Outcome:
        began = time.monotonic()
        code, lines = self._run([self._python, "-c", _DEVICES])
        found = _last_json(lines)
        self._gpus = found.get("gpus", [])
        if code != 0:
            return _outcome("find GPUs", "failed", _last(lines), began)
        if not self._gpus:
            has_one = Path("/dev/nvidia0").exists()
            reason = (
                f"TensorFlow {found['tensorflow']} can't use the GPU that is here; run "
                f"{self._python} -m pip install 'tensorflow[and-cuda]=={found['tensorflow']}'"
                if has_one
                else f"TensorFlow {found['tensorflow']} finds no NVIDIA GPU"
            )
            return _outcome("find GPUs", "failed" if has_one else "refused", reason, began)
        return _outcome("find GPUs", "done", ", ".join(self._gpus), began, found)

    def _training(self, step: str, arguments: list[Any], name: str) -> Outcome:
        """Train on the GPU; the program itself would go on without one."""
        began = time.monotonic()
        if not self._gpus:
            return _outcome(step, "refused", _NO_GPU, began)
        output = self._output / f"train-{name}"
        code, lines = self._program([*arguments, "--device", "gpu", "--output", output])
        if code != 0:
            return _outcome(step, "failed", _last(lines), began)
        facts = _last_json(lines)
        used = {e.get("name") for line in lines if (e := _json(line)) and _is_device(e)}
        detail = f"validation accuracy {facts['val_accuracy']:.4f}, {facts['seconds']:.1f} s"
        if not used & set(self._gpus):
            return _outcome(step, "failed", f"it ran on {used}; {detail}", began, facts)
        return _outcome(step, "done", detail, began, facts)

    def _model(self, arguments: list[Any]) -> Outcome:
        began = time.monotonic()
        self._run_dir = self._output / "model"
        code, lines = self._program([*arguments, "--device", "cpu", "--output", self._run_dir])
        state, detail = ("done", "") if code == 0 else ("failed", _last(lines))
        return _outcome("train the model to export", state, detail, began)

    def _program(self, arguments: list[Any]) -> tuple[int, list[str]]:
        return self._run([self._python, CHECKOUT / "main.py", *arguments, "--json"])

    def _environment(self) -> Outcome:
        began = time.monotonic()
        if named := os.environ.get("FIELDGUIDE_TFTRT_PYTHON"):
            return _outcome("make the TF-TRT environment", "done", f"{named} is used", began)
        script = CHECKOUT / "packaging" / "tftrt" / "make_environment.sh"
        code, lines = self._run(["bash", script])
        state = "done" if code == 0 else "failed"
        return _outcome("make the TF-TRT environment", state, _last(lines), began)

    def _capability(self) -> Outcome:
        began = time.monotonic()
        code, lines = self._run([self._python, CHECKOUT / "main.py", "export", "--check-tf-trt"])
        detail = next((line for line in lines if line.startswith("TensorRT ")), _last(lines))
        return _outcome("check TF-TRT", "done" if code == 0 else "failed", detail, began)

    def _exports(self, name: str, step: str) -> Iterator[Outcome]:
        """Export with all precisions in one call; an outcome for each."""
        began = time.monotonic()
        arguments = ["export", "--format", name, "--precision", *self._precisions]
        places = ["--model", self._run_dir, "--output", self._output / "exports"]
        _, lines = self._program([*arguments, *places])
        heard = dict(zip(lines, self._heard, strict=True))
        found = {a.get("precision"): (a, heard[line]) for line in lines if (a := _artifact(line))}
        for precision in self._precisions:
            missing = ({"error": _last(lines)}, time.monotonic())
            artifact, ended = found.get(precision, missing)
            seconds, began = round(ended - began, 1), ended
            if "error" in artifact:
                state = "refused" if artifact["error"].startswith(_REFUSALS) else "failed"
                detail = artifact["error"]
            else:
                state = "failed" if artifact["passed"] is False else "done"
                detail = _described(artifact)
            yield Outcome(step.format(precision.upper()), state, detail, seconds, artifact)

    def _engines(self, precision: str) -> Outcome:
        """Build engines and measure, with the program that an export brings along."""
        began = time.monotonic()
        title = f"build and measure engines {precision.upper()}"
        program = self._output / "exports" / f"tf-trt-{precision}" / "run_tftrt.py"
        if not program.exists():
            return _outcome(title, "refused", "there is no export to build them for", began)
        code, lines = self._run([_tftrt_python(), program, "--pictures", self._images])
        if code != 0:
            crashed = code < 0 or any(line.startswith("Traceback") for line in lines)
            return _outcome(title, "failed" if crashed else "refused", _last(lines), began)
        found = json.loads(program.with_name("run_tftrt.json").read_text(encoding="utf-8"))
        native, tftrt = found["native"], found["tftrt"]
        most = max(found["batch_sizes"])
        detail = (
            f"batch 1: {native['latency_ms_p50']:.2f} → {tftrt['latency_ms_p50']:.2f} ms; batch "
            f"{most}: {native['images_per_s'][str(most)]:.0f} → "
            f"{tftrt['images_per_s'][str(most)]:.0f} pictures/s; agreement "
            f"{100 * found['top1_agreement']:.2f}%"
        )
        agrees = found["top1_agreement"] >= LEAST_AGREEMENT[precision]
        return _outcome(title, "done" if agrees else "failed", detail, began, found)

    def _run(self, command: list[Any]) -> tuple[int, list[str]]:
        """Run a program to its end; gives its exit code and lines of output."""
        words = [str(part) for part in command]
        lines, self._heard = [], []
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"}
        with (
            self._log.open("a", encoding="utf-8") as log,
            subprocess.Popen(
                words,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                env=environment,
            ) as process,
        ):
            log.write(f"\n$ {' '.join(words)}\n")
            assert process.stdout is not None
            for line in process.stdout:
                log.write(line)
                if line.strip():
                    lines.append(line.rstrip("\n"))
                    self._heard.append(time.monotonic())
        return process.returncode, lines


def main() -> int:
    """Run all steps and print the table; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("gpu-check"), metavar="FOLDER")
    parser.add_argument("--images", type=Path, default=CHECKOUT / "resources" / "sample")
    parser.add_argument("--model", type=Path, metavar="RUN", help="run folder to export")
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=PRECISIONS)
    options = parser.parse_args()
    output = options.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    run_dir = options.model.resolve() if options.model else None
    outcomes = []
    check = Check(output, options.images.resolve(), run_dir, options.precisions)
    for outcome in check.steps():
        print(f"{outcome.step}: {outcome.state}", flush=True)
        outcomes.append(outcome)
    table = [asdict(outcome) for outcome in outcomes]
    (output / "gpu_check.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print_table(outcomes)
    return 1 if any(outcome.state == "failed" for outcome in outcomes) else 0


def print_table(outcomes: list[Outcome]) -> None:
    """One line a step."""
    print(f"\n{'step':36} {'':8} {'time':>6}  result")
    for outcome in outcomes:
        detail = outcome.detail
        shown = detail if len(detail) <= _LONGEST else f"{detail[: _LONGEST - 1]}…"
        print(f"{outcome.step:36} {outcome.state:8} {outcome.seconds:5.0f}s  {shown}")


def _described(artifact: dict[str, Any]) -> str:
    details = artifact.get("details", {})
    parts = []
    if "num_operations" in details:
        parts.append(
            f"{details['engines']} engine(s), {details['num_converted']} of "
            f"{details['num_operations']} operations"
        )
        built = details["built_batch_sizes"]
        parts.append(f"built for batches {built}" if built else "engines not built here")
    if artifact.get("top1_agreement") is not None:
        parts.append(f"agreement {100 * artifact['top1_agreement']:.2f}%")
    if artifact.get("latency_ms_p50") is not None:
        parts.append(f"{artifact['latency_ms_p50']:.2f} ms")
    return ", ".join(parts)


def _tftrt_python() -> str:
    """The interpreter that Fieldguide's conversions use."""
    if named := os.environ.get("FIELDGUIDE_TFTRT_PYTHON"):
        return named
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = os.environ.get("FIELDGUIDE_TFTRT_HOME") or f"{cache}/fieldguide-tftrt"
    return f"{folder}/python-tftrt"


def _outcome(
    step: str, state: str, detail: str, began: float, facts: dict[str, Any] | None = None
) -> Outcome:
    return Outcome(step, state, detail, round(time.monotonic() - began, 1), facts or {})


def _json(line: str) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _artifact(line: str) -> dict[str, Any] | None:
    content = _json(line)
    return content if content is not None and "format" in content else None


def _is_device(event: dict[str, Any]) -> bool:
    return event.get("event") == "device_reported"


def _last_json(lines: list[str]) -> dict[str, Any]:
    return next((found for line in reversed(lines) if (found := _json(line))), {})


def _last(lines: list[str]) -> str:
    """The last line that is a sentence: errors come last, on standard error."""
    line = next((line for line in reversed(lines) if _json(line) is None), "")
    return line.removeprefix("fieldguide: ") or "it said nothing"


if __name__ == "__main__":
    sys.exit(main())
