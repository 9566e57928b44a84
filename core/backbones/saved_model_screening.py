"""The one gate before a SavedModel is run: models from elsewhere may compute and nothing more.

A SavedModel is a program. Loading it runs initialisers, and a graph may hold operations that
write files, start connections or call Python. So its file is read without TensorFlow's loader,
and every node of every graph and function in it is looked at, reachable or not: those behind
signatures, loops, branches, gradients and initialisers are all among them.

What else a file can name does no more than choose among the loader's own: classes and savers
(`registered_name`, `registered_saver`) and types of objects are looked up in TensorFlow's
registries, see `tensorflow.python.saved_model.registration` and `revived_types`, where nobody but
TensorFlow enters any. Keras' own loader, which runs Python code from `Lambda` layers, is
never used.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

# First of all: it waits for the worker's thread that may be loading TensorFlow, whose parts would
# be found half initialised until then.
import tensorflow  # noqa: F401
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.refusal import Refusal, UntrustedBackboneError, UntrustedError
from core.backbones.saved_model_bodies import Body, bodies_of, is_operation
from core.backbones.saved_model_places import Places, plain
from core.backbones.saved_model_savers import own_checkpoint_nodes
from core.backbones.trust import is_trusted
from core.errors import FieldguideError
from core.storage.storage_message import storage_message
from core.text import Text
from resources import resource_path

SAVED_MODEL_FILE = "saved_model.pb"

# Of a protocol buffer, TensorFlow's included. Graphs have a few MB, or hundreds where weights
# are constants in them.
_LARGEST_FILE = (1 << 31) - 1
_ASSETS = "saved_model_assets"
_LONGEST_NAME = 80
# One is enough to refuse it; users read no more than a few.
_MOST_FINDINGS = 1_000


def require_computing_only(
    folder: Path, name: str, refused: type[UntrustedError] = UntrustedBackboneError
) -> None:
    """Refuse a SavedModel that may do more than compute, unless the user trusts its content.

    Whatever runs a SavedModel calls this before it loads one.

    Args:
        folder: Of the SavedModel.
        name: What the user calls it, for messages.
        refused: The error for one that isn't trusted.

    Raises:
        UntrustedError: As `refused`.
        FieldguideError: As `refused.unusable`, if its file can't be read.
    """
    content = _read(folder, name, refused.unusable)
    findings = tuple(dict.fromkeys(islice(_findings(content), _MOST_FINDINGS)))
    if not findings:
        return
    fingerprint = fingerprint_saved_model(folder)
    if not is_trusted(fingerprint):
        raise refused(Refusal(name=name, fingerprint=fingerprint, findings=findings))


def only_computes(folder: Path, name: str) -> bool:
    """Return whether a SavedModel needs no trust: it does nothing but compute.

    Args:
        name: What the user calls it, for messages.

    Raises:
        BackboneError: If its file can't be read.
    """
    return not any(_findings(_read(folder, name, UntrustedBackboneError.unusable)))


@cache
def computing_operations() -> frozenset[str]:
    """Read the names of operations that only compute from their resource file."""
    text = resource_path("computing_operations.txt").read_text(encoding="ascii")
    lines = map(str.strip, text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _read(folder: Path, name: str, unusable: type[FieldguideError]) -> Any:
    path = folder / SAVED_MODEL_FILE
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise unusable(
                Text(
                    "%1 can't be loaded as a SavedModel: its %2 is larger than 2 GiB, which "
                    "TensorFlow can't read.",
                    name,
                    SAVED_MODEL_FILE,
                )
            )
        return saved_model_pb2.SavedModel.FromString(path.read_bytes())
    except OSError as error:
        raise unusable(storage_message("read", path, error)) from error
    except DecodeError as error:
        raise unusable(
            Text("%1 can't be loaded as a SavedModel: its %2 is damaged.", name, SAVED_MODEL_FILE)
        ) from error


def _findings(content: Any) -> Iterator[str]:
    """Yield what does more than compute, and where."""
    for meta_graph in content.meta_graphs:
        bodies = bodies_of(meta_graph)
        functions = frozenset(body.function for body in bodies[1:])
        # A call of it might mean either.
        yield from (
            Text("a function called %1", name) for name in sorted(functions) if is_operation(name)
        )
        if suspects := list(_suspects(meta_graph, bodies, functions)):
            places = Places(meta_graph, bodies)
            for what, body, node in suspects:
                yield Text("%1 in %2", what, places.name(body, node))
        yield from _assets_elsewhere(meta_graph)


def _suspects(
    meta_graph: Any, bodies: list[Body], functions: frozenset[str]
) -> Iterator[tuple[str, Body, Any]]:
    """Yield each node that does more than compute: what it is, its body, the node."""
    known = computing_operations() | functions
    own_nodes = own_checkpoint_nodes(meta_graph, bodies)
    for body in bodies:
        for node in body.nodes:
            if node.op not in known and (body.function, node.name) not in own_nodes:
                yield plain(node.op), body, node
        for node, called in body.calls:
            if node.op in known and called not in functions:
                what = Text("%1 of %2", plain(node.op), plain(called) or Text("nothing"))
                yield what, body, node


def _assets_elsewhere(meta_graph: Any) -> Iterator[str]:
    """Yield assets outside `assets/`, which a name with a folder in it points to."""
    assets = list(meta_graph.asset_file_def)
    for packed in meta_graph.collection_def[_ASSETS].any_list.value:
        asset = meta_graph_pb2.AssetFileDef()
        try:
            packed.Unpack(asset)
        except DecodeError:
            asset.Clear()
        assets.append(asset)  # without a name if it is something else
    for asset in assets:
        name = asset.filename
        if name in ("", ".", "..") or "/" in name or "\\" in name:
            yield Text("the asset %1 outside its folder", ascii(name[:_LONGEST_NAME]))
