"""What SavedModels are made of, read from their files."""

from pathlib import Path


def operations_of(saved_model: Path) -> set[str]:
    """Types of all operations in a SavedModel's graph and functions."""
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    content = SavedModel.FromString((saved_model / "saved_model.pb").read_bytes())
    (graph,) = (meta.graph_def for meta in content.meta_graphs)
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    return {node.op for node in nodes}
