"""Return freed memory to the system."""

import ctypes
import ctypes.util
import gc
import sys


def give_freed_memory_back() -> None:
    """Free unreachable objects, and return their memory to the system where the C library can.

    TensorFlow's graphs refer to themselves in circles, so nothing else frees them for long: a
    conversion's hundreds of megabytes stay through the next conversions.
    """
    gc.collect()
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "malloc_trim"):  # glibc
            library.malloc_trim(0)
