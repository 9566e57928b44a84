"""Facts about a SavedModel and its LiteRT twin: found out and made once, then kept in the cache."""

import hashlib
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.backbones.backbone import Backbone, BackboneInfo, read_info, write_info
from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.prepared_folder import LITERT_FILE, is_whole, litert_twin, making, seal
from core.errors import BackboneError
from core.storage.app_dirs import cache_dir

if TYPE_CHECKING:
    from core.backbones.saved_model_inspection import LoadedBackbone

logger = logging.getLogger(__name__)

FROZEN_GRAPH_FILE = "frozen_graph.bin"

Wanted = tuple[tuple[int, int] | None, tuple[float, float]]
"""Input size, None to find it out, and range of values."""


def wanted_of(known: BackboneInfo | None) -> Wanted:
    """Return what to prepare a backbone for: all that is known of it, or nothing."""
    return (None, (0.0, 1.0)) if known is None else (known.input_size, known.value_range)


def inspected(
    handle: str,
    saved_model_dir: Path,
    wanted: Wanted,
    known: BackboneInfo | None,
    before_tensorflow: Callable[[], None],
) -> Backbone:
    """Return a backbone with its facts and LiteRT twin, found out once and then cached.

    Args:
        handle: Named after this, where nothing is known.
        known: Facts that win over those in the cache.
        before_tensorflow: Called before TensorFlow computes anything, to configure it.

    Raises:
        BackboneError: If it can't be used.
        StorageError: If the cache can't be written.
    """
    fingerprint = fingerprint_saved_model(saved_model_dir)
    cached = _cached_folder(fingerprint, wanted)
    with making(cached):
        if not is_whole(cached):
            before_tensorflow()
            _inspect(handle, saved_model_dir, cached, wanted)
    found, title = read_info(cached), _title(handle)
    if known is not None and known.stages is None:  # stored by an earlier version
        known = replace(known, stages=found.stages)
    return Backbone(
        info=known or replace(found, name=title, title=title, handle=handle),
        saved_model_dir=saved_model_dir,
        fingerprint=fingerprint if wanted[1] == (0.0, 1.0) else _ranged(fingerprint, wanted[1]),
        litert_path=litert_twin(cached),
        frozen_graph_path=cached / FROZEN_GRAPH_FILE,
    )


def _ranged(fingerprint: str, value_range: tuple[float, float]) -> str:
    """Return another fingerprint for another range: feature vectors are kept under it."""
    return hashlib.sha256(f"{fingerprint} {value_range}".encode("ascii")).hexdigest()


def _cached_folder(fingerprint: str, wanted: Wanted) -> Path:
    input_size, (low, high) = wanted
    folder = cache_dir() / "backbones" / fingerprint[:24]
    if (low, high) != (0.0, 1.0):
        folder = folder.with_name(f"{folder.name}-{low:g}to{high:g}")
    # Where the graph leaves the size open, another handle may have led to another one.
    if input_size is not None and is_whole(folder) and read_info(folder).input_size != input_size:
        folder = folder.with_name(f"{folder.name}-{input_size[0]}x{input_size[1]}")
    return folder


def _inspect(handle: str, saved_model_dir: Path, cached: Path, wanted: Wanted) -> None:
    # Imported here: they load TensorFlow, which embedded backbones can do without.
    from core.backbones.litert_conversion import convert_to_litert
    from core.backbones.saved_model_freezing import write_graph
    from core.backbones.saved_model_inspection import load_saved_model
    from core.backbones.saved_model_screening import only_computes
    from core.backbones.saved_model_stages import stage_widths

    logger.info("Inspecting the backbone %s", handle)
    shutil.rmtree(cached, ignore_errors=True)
    input_size, value_range = wanted
    loaded = load_saved_model(saved_model_dir, handle, input_size, value_range)
    graph, stages = _frozen(loaded, handle), None
    if graph is not None:
        # Others must still be trusted when their graph is needed, and made of the SavedModel.
        if only_computes(saved_model_dir, handle):
            write_graph(graph, cached / FROZEN_GRAPH_FILE)
        stages = stage_widths(graph, loaded.input_size)
    convert_to_litert(loaded, graph, cached / LITERT_FILE)
    info = BackboneInfo(
        name=_title(handle),
        title=_title(handle),
        handle=handle,
        family="",
        input_size=loaded.input_size,
        feature_dim=loaded.feature_dim,
        parameters=loaded.parameters,
        value_range=value_range,
        stages=stages,
    )
    write_info(cached, info)
    seal(cached)


def _frozen(loaded: "LoadedBackbone", handle: str) -> object | None:
    """Return the inference graph with weights as constants; None where it can't be frozen."""
    from core.backbones.saved_model_freezing import freeze

    try:
        graph: object = freeze(loaded, handle)
    except BackboneError as error:
        logger.info("No stages: %s", error)
        return None
    return graph


def _title(handle: str) -> str:
    return handle.rstrip("/").rsplit("/", 1)[-1] or handle
