"""Fetch a hub model with TensorFlow Hub's own resolver. Imported by the worker only."""

import os
import zlib
from http.client import HTTPException
from pathlib import Path
from tarfile import TarError

from core.app_dirs import cache_dir
from core.errors import BackboneError


def download_saved_model(url: str) -> Path:
    """Local folder of a hub model; a second call finds it in the cache.

    Args:
        url: Such as `https://tfhub.dev/...` or a Kaggle model address.

    Raises:
        BackboneError: If it can't be reached, or what came is no model.
    """
    import tensorflow_hub as hub

    os.environ.setdefault("TFHUB_CACHE_DIR", str(cache_dir() / "hub"))
    try:
        return Path(hub.resolve(url))
    # The resolvers raise whatever the network, the archive or TensorFlow's file system do.
    except (
        OSError,
        ValueError,
        EOFError,
        RuntimeError,
        TarError,
        zlib.error,
        HTTPException,
        hub_errors(),
    ) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise BackboneError(
            f"Can't fetch the backbone {url}: {reason}. Check the address and the network, or "
            "use a backbone that is on this computer (`fieldguide backbones list`)."
        ) from error


def hub_errors() -> type[Exception]:
    """The base class of TensorFlow's own errors."""
    import tensorflow as tf

    base: type[Exception] = tf.errors.OpError
    return base
