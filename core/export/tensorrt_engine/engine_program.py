"""Builds a TensorRT engine from an ONNX file, in its own process, since TensorRT may crash.

    python engine_program.py REQUEST.json

It prints progress, then a report or an error, one JSON object per line. `PYTHONPATH` names the
folder that holds `core`. The request is what `core.export.tensorrt_engine.build` writes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from core.export.predict.cuda_memory import CudaDevice, CudaError
from core.export.programs.messages import end_with_parent, say

_CALIBRATION_BATCH = 8
_INSTALL = "Install it there with: pip install tensorrt"


class RefusalError(Exception):
    """Something is missing; the message says what, without a full stop."""


def main(request_path: str) -> int:
    """Build; return the exit code."""
    end_with_parent()
    request = json.loads(Path(request_path).read_text(encoding="utf-8"))
    try:
        say(report=build(request))
    except (RefusalError, CudaError) as error:
        say(refusal=str(error))
        return 1
    except Exception as error:  # noqa: BLE001 - any error of TensorRT becomes a message
        reason = next(iter(str(error).strip().splitlines()), "")
        say(error=f"{type(error).__name__}: {reason}")
        return 1
    return 0


def build(request: dict[str, Any]) -> dict[str, Any]:
    """Build the engine, write it, and return the report."""
    say(progress="Loading TensorRT")
    try:
        import tensorrt  # type: ignore[import-not-found]
    except ImportError as error:
        raise RefusalError(
            f"NVIDIA's tensorrt package is not installed in {sys.executable} ({error}). {_INSTALL}"
        ) from None
    gpu = CudaDevice()  # before TensorRT, which ends the process where there is none
    logger = tensorrt.Logger(tensorrt.Logger.WARNING)
    builder = tensorrt.Builder(logger)
    network = _network(tensorrt, builder, logger, Path(request["onnx"]))
    config = builder.create_builder_config()
    calibrator = _configure(tensorrt, builder, network, config, request, gpu)
    say(progress=f"Building an engine for {gpu.name}")
    engine = builder.build_serialized_network(network, config)
    if engine is None:
        raise RefusalError("TensorRT could not build an engine from the ONNX file")
    Path(request["output"]).write_bytes(bytes(engine))
    del calibrator  # TensorRT holds no reference to it
    return {
        "tensorrt": tensorrt.__version__,
        "gpu": gpu.name,
        "compute_capability": list(gpu.compute_capability),
        "num_layers": network.num_layers,
    }


def _configure(
    trt: Any, builder: Any, network: Any, config: Any, request: dict[str, Any], gpu: CudaDevice
) -> Any:
    """Set memory, batch sizes and precision; return an object that must outlive the build."""
    workspace = request["workspace_mib"] * 2**20
    config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, workspace)
    sizes = sorted(request["batch_sizes"])
    # Any number of images up to the largest size: one batch may be the rest of many.
    profile = _profile(builder, network, (1, sizes[len(sizes) // 2], sizes[-1]))
    config.add_optimization_profile(profile)
    _allow_precision(trt, config, request["precision"])
    if request["precision"] != "int8":
        return None
    calibrator = _calibrator(trt, np.load(request["calibration_pictures"]), gpu)
    config.int8_calibrator = calibrator
    size = calibrator.get_batch_size()
    config.set_calibration_profile(_profile(builder, network, (size, size, size)))
    return calibrator


def _network(trt: Any, builder: Any, logger: Any, onnx: Path) -> Any:
    # From TensorRT 10 on batches are always explicit, and the flag is gone.
    flag = getattr(trt.NetworkDefinitionCreationFlag, "EXPLICIT_BATCH", None)
    is_old = int(trt.__version__.split(".")[0]) < 10
    network = builder.create_network(1 << int(flag) if is_old and flag is not None else 0)
    parser = trt.OnnxParser(network, logger)
    say(progress="Reading the ONNX file")
    if not parser.parse(onnx.read_bytes()):
        reasons = "; ".join(parser.get_error(i).desc() for i in range(min(3, parser.num_errors)))
        raise RefusalError(f"TensorRT {trt.__version__} can't read the ONNX file: {reasons}")
    return network


def _profile(builder: Any, network: Any, sizes: tuple[int, int, int]) -> Any:
    """Set the smallest, the usual and the largest batch size."""
    images = network.get_input(0)
    shape = tuple(images.shape)[1:]
    profile = builder.create_optimization_profile()
    profile.set_shape(images.name, *((size, *shape) for size in sizes))
    return profile


def _allow_precision(trt: Any, config: Any, precision: str) -> None:
    if precision == "fp32":
        return
    if not hasattr(trt.BuilderFlag, "FP16"):
        raise RefusalError(
            f"TensorRT {trt.__version__} uses the precision of the ONNX file. Choose FP32"
        )
    config.set_flag(trt.BuilderFlag.FP16)
    if precision == "fp16":
        return
    if not hasattr(trt, "IInt8EntropyCalibrator2"):
        raise RefusalError(
            f"TensorRT {trt.__version__} doesn't support INT8 calibration. Choose FP16"
        )
    config.set_flag(trt.BuilderFlag.INT8)


def _calibrator(trt: Any, images: np.ndarray, gpu: CudaDevice) -> Any:
    """Make the object from which TensorRT reads images, batch by batch."""
    size = min(_CALIBRATION_BATCH, len(images))
    address = gpu.allocate(4 * size * int(np.prod(images.shape[1:])))
    starts = iter(range(0, len(images) - size + 1, size))

    class Calibrator(trt.IInt8EntropyCalibrator2):
        def get_batch_size(self) -> int:
            return size

        def get_batch(self, _names: list[str]) -> list[int] | None:
            start = next(starts, None)
            if start is None:
                return None
            say(progress=f"Calibrating INT8: picture {start + size} of {len(images)}")
            batch = images[start : start + size].astype(np.float32) / np.float32(255)
            gpu.write(address, np.ascontiguousarray(batch))
            return [address]

        def read_calibration_cache(self) -> None:
            return None

        def write_calibration_cache(self, _cache: bytes) -> None:
            pass

    return Calibrator()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
