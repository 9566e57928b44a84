"""Arrays of strangers are read if they are what was expected, and made only then."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.storage.array_file import read_arrays


def npy(array: np.ndarray, **options: bool) -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array(content, array, **options)
    return content.getvalue()


def claiming(shape: str, dtype: str = "<f4") -> bytes:
    """An array's file of a few bytes that says it has another shape."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (118 - 1 - len(header)) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(64)


def pack(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def test_arrays_come_back(tmp_path: Path) -> None:
    arrays = {"0": np.ones((2, 3), np.float32), "1": np.int64(7), "row": np.arange(3.0)}
    np.savez(tmp_path / "a.npz", **arrays)
    found = read_arrays(tmp_path / "a.npz", {"0": (2, 3), "1": (), "row": None})
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array, strict=True)


@pytest.mark.parametrize(
    "member",
    [
        claiming("(1000000000000,)"),
        claiming("(2, 4)"),
        claiming("(2, 3)", "|O"),
        claiming("(2, 3)", "<U1000"),
        claiming("(-2, -3)"),
        npy(np.array([[object] * 3] * 2), allow_pickle=True),
        npy(np.ones((2, 3), np.float32))[:-1],
        b"",
        b"\x93NUMPY\x01\x00\xff\xff{",
    ],
    ids=["huge", "shape", "objects", "texts", "negative", "pickle", "cut", "empty", "header"],
)
def test_other_arrays_are_refused(tmp_path: Path, member: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_arrays(pack(tmp_path / "a.npz", {"0": member}), {"0": (2, 3)})


def test_a_row_may_not_be_long(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", row=np.zeros(1025))
    with pytest.raises(ValueError, match="row"):
        read_arrays(tmp_path / "a.npz", {"row": None})


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    bomb = claiming("(2, 3)") + bytes(64 << 20)
    path = pack(tmp_path / "a.npz", {"other": bomb}, zipfile.ZIP_DEFLATED)
    with pytest.raises(ValueError, match="larger"):
        read_arrays(path, {"0": (2, 3)})


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"PK\x03\x04" + bytes(90)])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(ValueError, match="damaged"):
        read_arrays(tmp_path / "a.npz", {"0": (2, 3)})
