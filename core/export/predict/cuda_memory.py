"""Memory of an NVIDIA GPU, through the driver's own library: nothing needs to be installed."""

from __future__ import annotations

import ctypes
from typing import Any

LIBRARY = "libcuda.so.1"
_NAME_LENGTH = 100
_MAJOR, _MINOR = 75, 76  # attributes of a device: its compute capability


class CudaError(RuntimeError):
    """The driver is missing or refuses something; the message says what."""


class CudaDevice:
    """The first GPU.

    Attributes:
        name: Such as `NVIDIA L4`.
        compute_capability: Such as `(8, 9)`.

    Raises:
        CudaError: If there is no driver or no GPU.
    """

    def __init__(self) -> None:
        try:
            self._cuda = ctypes.CDLL(LIBRARY)
        except OSError:
            raise CudaError("There is no NVIDIA driver here (libcuda.so.1)") from None
        if self._cuda.cuInit(0) != 0:
            raise CudaError("There is no NVIDIA GPU here that the driver can use")
        device, self._context = ctypes.c_int(), ctypes.c_void_p()
        self._call("cuDeviceGet", ctypes.byref(device), 0)
        # The context that TensorRT uses too.
        self._call("cuDevicePrimaryCtxRetain", ctypes.byref(self._context), device)
        self._call("cuCtxSetCurrent", self._context)
        name = ctypes.create_string_buffer(_NAME_LENGTH)
        self._call("cuDeviceGetName", name, _NAME_LENGTH, device)
        self.name = name.value.decode()
        self.compute_capability = tuple(self._attribute(kind, device) for kind in (_MAJOR, _MINOR))

    def allocate(self, num_bytes: int) -> int:
        """Address of fresh memory, which is kept until the process ends."""
        address = ctypes.c_uint64()
        self._call("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(num_bytes))
        return address.value

    def write(self, address: int, array: Any) -> None:
        """Copy an array, contiguous, to the GPU."""
        source = ctypes.c_void_p(array.ctypes.data)
        size = ctypes.c_size_t(array.nbytes)
        self._call("cuMemcpyHtoD_v2", ctypes.c_uint64(address), source, size)

    def read(self, address: int, array: Any) -> None:
        """Fill an array, contiguous, from the GPU; waits until it has finished its work."""
        self._call("cuCtxSynchronize")
        target = ctypes.c_void_p(array.ctypes.data)
        size = ctypes.c_size_t(array.nbytes)
        self._call("cuMemcpyDtoH_v2", target, ctypes.c_uint64(address), size)

    def _attribute(self, kind: int, device: ctypes.c_int) -> int:
        value = ctypes.c_int()
        self._call("cuDeviceGetAttribute", ctypes.byref(value), kind, device)
        return value.value

    def _call(self, name: str, *arguments: Any) -> None:
        code = getattr(self._cuda, name)(*arguments)
        if code != 0:
            raise CudaError(f"{name} failed with CUDA error {code}")
