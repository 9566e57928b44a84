"""What TensorRT is asked for, with a pretended one: the real one needs a GPU."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from core.export.tensorrt_engine import engine_program


class Builder:
    """Builds "engines", and keeps what it was given."""

    def __init__(self, _logger):
        self.config = SimpleNamespace(flags=[], profiles=[], calibration=[])
        self.config.set_flag = self.config.flags.append
        self.config.add_optimization_profile = self.config.profiles.append
        self.config.set_calibration_profile = self.config.calibration.append
        self.config.set_memory_pool_limit = lambda pool, size: setattr(self.config, pool, size)
        images = SimpleNamespace(name="images", shape=(-1, 4, 5, 3))
        self.network = SimpleNamespace(num_layers=7, get_input=lambda _index: images)

    def create_network(self, flags):
        self.network_flags = flags
        return self.network

    def create_builder_config(self):
        return self.config

    def create_optimization_profile(self):
        profile = SimpleNamespace()
        profile.set_shape = lambda name, *shapes: setattr(profile, name, shapes)
        return profile

    def build_serialized_network(self, network, config):
        assert network is self.network
        calibrator = getattr(config, "int8_calibrator", None)
        while calibrator is not None and calibrator.get_batch(["images"]) is not None:
            pass
        return b"engine"


class Gpu:
    name, compute_capability = "NVIDIA B200", (10, 0)

    def __init__(self):
        self.written = []

    def allocate(self, num_bytes):
        self.num_bytes = num_bytes
        return 1234

    def write(self, address, array):
        assert address == 1234
        assert array.nbytes == self.num_bytes
        self.written.append(array)


@pytest.fixture
def build(monkeypatch, tmp_path):
    """Builds with this TensorRT; gives the report, the builder and the GPU."""
    (tmp_path / "model.onnx").write_bytes(b"onnx")
    np.save(tmp_path / "pictures.npy", np.full((20, 4, 5, 3), 255, np.uint8))
    builders, gpus = [], []

    def run(precision, version="8.6.0", **changes):
        parser = SimpleNamespace(
            parse=lambda content: content == b"onnx" and not changes.get("errors"),
            num_errors=len(changes.get("errors", ())),
            get_error=lambda i: SimpleNamespace(desc=lambda: changes["errors"][i]),
        )
        fake = SimpleNamespace(
            __version__=version,
            Builder=lambda logger: builders.append(Builder(logger)) or builders[-1],
            NetworkDefinitionCreationFlag=SimpleNamespace(EXPLICIT_BATCH=0),
            OnnxParser=lambda _network, _logger: parser,
            MemoryPoolType=SimpleNamespace(WORKSPACE="workspace"),
            BuilderFlag=SimpleNamespace(FP16="fp16", INT8="int8"),
            IInt8EntropyCalibrator2=object,
        )
        fake.Logger = type("Logger", (), {"WARNING": 2, "__init__": lambda self, level: None})
        for name in changes.get("without", ()):
            delattr(fake, name)
        monkeypatch.setitem(sys.modules, "tensorrt", fake)
        monkeypatch.setattr(engine_program, "CudaDevice", lambda: gpus.append(Gpu()) or gpus[-1])
        request = {
            "onnx": str(tmp_path / "model.onnx"),
            "output": str(tmp_path / "model.engine"),
            "precision": precision,
            "batch_sizes": [8, 1, 32],
            "workspace_mib": 2,
            "calibration_pictures": str(tmp_path / "pictures.npy"),
        }
        report = engine_program.build(request)
        assert (tmp_path / "model.engine").read_bytes() == b"engine"
        return report, builders[-1], gpus[-1]

    return run


def test_the_profile_goes_from_one_image_to_the_largest_batch(build):
    report, builder, _ = build("fp32")
    (profile,) = builder.config.profiles
    assert profile.images == ((1, 4, 5, 3), (8, 4, 5, 3), (32, 4, 5, 3))
    assert builder.config.workspace == 2 * 2**20
    assert builder.config.flags == []
    assert report == {
        "tensorrt": "8.6.0",
        "gpu": "NVIDIA B200",
        "compute_capability": [10, 0],
        "num_layers": 7,
    }


@pytest.mark.parametrize(("version", "flags"), [("8.6.0", 1), ("10.4.0", 0)])
def test_batches_are_explicit(build, version, flags):
    _, builder, _ = build("fp32", version)
    assert builder.network_flags == flags


def test_half_precision_is_allowed(build):
    _, builder, _ = build("fp16")
    assert builder.config.flags == ["fp16"]


def test_int8_is_calibrated_with_whole_batches_of_scaled_images(build):
    _, builder, gpu = build("int8")
    assert builder.config.flags == ["fp16", "int8"]
    (profile,) = builder.config.calibration
    assert profile.images == ((8, 4, 5, 3),) * 3
    assert [batch.shape for batch in gpu.written] == [(8, 4, 5, 3)] * 2
    assert all((batch == 1).all() for batch in gpu.written)


def test_an_onnx_file_that_it_cannot_read_is_refused(build):
    with pytest.raises(engine_program.RefusalError, match="can't read the ONNX file: no such op"):
        build("fp32", errors=["no such op"])


def test_a_tensorrt_without_calibration_is_refused(build):
    with pytest.raises(engine_program.RefusalError, match=r"INT8 calibration\. Choose FP16"):
        build("int8", without=["IInt8EntropyCalibrator2"])
