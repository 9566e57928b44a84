"""Weights that PyTorch saved: read as numbers, and never run."""

import hashlib
import io
import os
import pickle
import re
import struct
import sys
from collections import OrderedDict
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from core.backbones.efficientnet_lite import torch_weights
from core.backbones.efficientnet_lite.packed_weights import PACKED_WEIGHTS
from core.backbones.efficientnet_lite.torch_weights import parse_torch_weights, read_torch_weights
from core.errors import BackboneError

NUMBERS = np.arange(24, dtype="<f4")


def rebuild(*arguments):
    raise AssertionError("a function that a pickle names was called")


class Storage:
    def __init__(self, key: str, count: int) -> None:
        self.key, self.count = key, count


class Tensor:
    """Is pickled as PyTorch's tensors are."""

    def __init__(self, *arguments) -> None:
        self.arguments = arguments

    def __reduce__(self):
        return rebuild, (*self.arguments, False, OrderedDict())


class Evil:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


@pytest.fixture
def write(monkeypatch):
    """Make the content of a file, as PyTorch 1.5 wrote it, of a table of `Tensor`."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")
    rebuild.__module__, rebuild.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = rebuild
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)

    class Pickler(pickle._Pickler):
        def persistent_id(self, value):
            if isinstance(value, Storage):
                return ("storage", torch.FloatStorage, value.key, "cpu", value.count, None)
            return None

    def make(table, storages=(("1", NUMBERS),)) -> bytes:
        stream = io.BytesIO()
        for value in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, table):
            Pickler(stream, protocol=2).dump(value)
        pickle.dump([key for key, _ in storages], stream, protocol=2)
        for _, numbers in storages:
            stream.write(struct.pack("<q", len(numbers)) + numbers.tobytes())
        return stream.getvalue()

    return make


def test_tensors_lie_in_their_storage_in_any_order(write) -> None:
    storage = Storage("1", 24)
    read = parse_torch_weights(
        write(
            OrderedDict(
                plain=Tensor(storage, 0, (2, 3, 4), (12, 4, 1)),
                turned=Tensor(storage, 0, (4, 3, 2), (1, 4, 12)),
                later=Tensor(storage, 20, (4,), (1,)),
                norm_num_batches_tracked=Tensor(storage, 0, (1,), (1,)),
            )
        )
    )
    assert set(read) == {"plain", "turned", "later"}
    np.testing.assert_array_equal(read["plain"], NUMBERS.reshape(2, 3, 4))
    np.testing.assert_array_equal(read["turned"], NUMBERS.reshape(2, 3, 4).transpose())
    np.testing.assert_array_equal(read["later"], [20, 21, 22, 23])
    assert all(array.dtype == np.float32 for array in read.values())


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (0, (25,), (1,)),
        (1, (24,), (1,)),
        (-1, (4,), (1,)),
        (0, (3, 4), (12, 4)),
        (0, (2,), (-1,)),
        (0, (-2,), (1,)),
        (0, (1 << 40, 1 << 40), (0, 1)),
        (0, (2, 2), (1,)),
    ],
    ids=str,
)
def test_no_tensor_reaches_beyond_its_storage(write, offset, shape, strides) -> None:
    table = {"bad": Tensor(Storage("1", 24), offset, shape, strides)}
    with pytest.raises(ValueError, match="damaged"):
        parse_torch_weights(write(table))


def test_a_pickle_that_would_run_something_is_refused_and_runs_nothing(write, tmp_path) -> None:
    written = tmp_path / "written"
    for table in (Evil(written), {"weights": Evil(written)}, OrderedDict(a=Evil(written))):
        content = write(table)
        # Python's own reader would have done it.
        assert re.search(rb"posix\nsystem|nt\nsystem", content)
        with pytest.raises(ValueError, match=r"it names “(posix|nt) system”"):
            parse_torch_weights(content)
    with pytest.raises(ValueError, match="it names"):
        parse_torch_weights(pickle.dumps(Evil(written), protocol=2))
    with pytest.raises(ValueError, match=r"the instruction FRAME"):
        parse_torch_weights(pickle.dumps(Evil(written), protocol=4))
    assert not written.exists()


@pytest.mark.parametrize(
    "instructions",
    [
        b"cos\nsystem\n(X\x01\x00\x00\x00atR.",
        b"(X\x01\x00\x00\x00aios\nsystem\n.",  # INST
        b"ctorch\nFloatStorage\n)\x81.",  # NEWOBJ
        b"ccollections\nOrderedDict\n(X\x01\x00\x00\x00atR.",
        b"ctorch._utils\n_rebuild_tensor_v2\n)R.",
        b"K\x01K\x02s.",
        b"}(K\x01u.",
        b"h\x05.",
        b"t.",
        b".",
        b"",
        b"\xff",
    ],
)
def test_instructions_beyond_a_table_of_numbers_are_refused(write, instructions: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_torch_weights(b"\x80\x02" + instructions)


@pytest.fixture(scope="module")
def real() -> tuple[Path, str, bytes]:
    weights = PACKED_WEIGHTS[0]
    return weights.path(), weights.sha256, weights.path().read_bytes()


@pytest.mark.parametrize("weights", PACKED_WEIGHTS, ids=lambda weights: weights.name)
def test_the_published_files_are_read(weights) -> None:
    arrays = read_torch_weights(weights.path(), weights.sha256)
    assert arrays["_fc.weight"].shape == (1000, 1280)
    assert not any(name.endswith("num_batches_tracked") for name in arrays)
    assert all(np.isfinite(array).all() for array in arrays.values())


@pytest.mark.parametrize("length", [0, 10, 15, 100, 3_000, 55_629, 60_000, 61_955, -4, -1])
def test_a_truncated_file_is_refused(real, length: int) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_torch_weights(real[2][:length])


def test_what_follows_the_numbers_is_refused(real) -> None:
    with pytest.raises(ValueError, match="damaged"):
        parse_torch_weights(real[2] + b"\0")


def test_a_name_of_code_in_the_published_file_is_refused(real) -> None:
    changed = real[2].replace(b"ctorch._utils\n_rebuild_tensor_v2\n", b"cshutil\nrmtree\n", 1)
    with pytest.raises(ValueError, match="it names “shutil rmtree”"):
        parse_torch_weights(changed)


def test_another_file_is_refused_before_anything_in_it_is_read(
    real, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(torch_weights, "parse_torch_weights", lambda _content: pytest.fail("read"))
    changed = bytearray(real[2])
    changed[-1] ^= 1
    path = tmp_path / "weights.pth"
    path.write_bytes(changed)
    with pytest.raises(BackboneError, match=r"weights\.pth is damaged.*Install Fieldguide again"):
        read_torch_weights(path, real[1])
    with pytest.raises(BackboneError, match=r"Can't read .*missing\.pth"):
        read_torch_weights(tmp_path / "missing.pth", real[1])


def test_an_unfit_file_of_the_right_hash_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(b"no pickle")
    with pytest.raises(BackboneError, match=r"weights\.pth can't be read: .*[^.]\.$"):
        read_torch_weights(path, hashlib.sha256(b"no pickle").hexdigest())
