"""SavedModels that would write a file when they are run, each in another way. Imports TensorFlow.

All of them take images and give vectors as `tests.saved_models.save_pooling` does.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.saved_models import KERNEL, SIDE

SAVED_MODEL_FILE = "saved_model.pb"


def save_untrusted(folder: Path, way: str, written: Path) -> Path:
    """Save a module of `WAYS` that would write to `written`."""
    import tensorflow as tf

    module = WAYS[way](str(written))
    spec = tf.TensorSpec([None, SIDE, SIDE, 3], tf.float32, name="images")
    signature = module.__call__.get_concrete_function(spec)
    tf.saved_model.save(module, str(folder), signatures=signature)
    return folder


def edit(folder: Path, change: Callable[[Any], None]) -> Path:
    """Change the one `MetaGraphDef` of a SavedModel."""
    from tensorflow.core.protobuf import saved_model_pb2

    path = folder / SAVED_MODEL_FILE
    content = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    change(content.meta_graphs[0])
    path.write_bytes(content.SerializeToString())
    return folder


def function_named(meta_graph: Any, part: str) -> Any:
    """The one function whose name has a part."""
    (found,) = (
        function
        for function in meta_graph.graph_def.library.function
        if part in function.signature.name
    )
    return found


def node_of(body: Any, operation: str) -> Any:
    """The first node of an operation in a function or a graph."""
    nodes = body.node_def if hasattr(body, "node_def") else body.node
    return next(node for node in nodes if node.op == operation)


def add_const(nodes: Any, name: str, text: str) -> str:
    """Add a constant text to a function's nodes; gives its name as an input."""
    import tensorflow as tf

    node = nodes.add(name=name, op="Const")
    node.attr["dtype"].type = tf.string.as_datatype_enum
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(text))
    return f"{name}:output:0"


def _module(call: Callable[[Any, Any], Any], **attributes: Any) -> Any:
    import tensorflow as tf

    class Module(tf.Module):
        def __init__(self) -> None:
            self.kernel = tf.Variable(KERNEL)
            for name, value in attributes.items():
                setattr(self, name, value)

        @tf.function
        def __call__(self, images: Any) -> Any:
            return call(self, images)

    return Module()


def _pooled(module: Any, images: Any) -> Any:
    import tensorflow as tf

    return tf.reduce_mean(images, [1, 2]) @ module.kernel


def _write(written: str) -> Any:
    import tensorflow as tf

    return tf.raw_ops.WriteFile(filename=written, contents="written")


def _in_a_signature(written: str) -> Any:
    def call(module: Any, images: Any) -> Any:
        _write(written)
        return _pooled(module, images)

    return _module(call)


def _in_a_called_function(written: str) -> Any:
    import tensorflow as tf

    @tf.function
    def inner(vectors: Any) -> Any:
        _write(written)
        return vectors

    return _module(lambda module, images: inner(_pooled(module, images)))


def _in_a_loop(written: str) -> Any:
    import tensorflow as tf

    def body(count: Any, vectors: Any) -> Any:
        _write(written)
        return count + 1, vectors

    def call(module: Any, images: Any) -> Any:
        vectors = _pooled(module, images)
        return tf.while_loop(lambda count, _: count < 2, body, (tf.constant(0), vectors))[1]

    return _module(call)


def _in_a_branch(written: str) -> Any:
    import tensorflow as tf

    def call(module: Any, images: Any) -> Any:
        vectors = _pooled(module, images)

        def branch() -> Any:
            _write(written)
            return vectors

        return tf.switch_case(tf.shape(images)[0], [lambda: vectors, branch, branch])

    return _module(call)


def _in_an_initializer(written: str) -> Any:
    import tensorflow as tf
    from tensorflow.python.trackable.resource import TrackableResource

    class Resource(TrackableResource):
        def _create_resource(self) -> Any:
            return tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64)

        def _initialize(self) -> None:
            # Not while it is saved, but when it is loaded.
            if not tf.executing_eagerly():
                _write(written)

    resource = Resource()

    def call(module: Any, images: Any) -> Any:
        tf.raw_ops.LookupTableSizeV2(table_handle=resource.resource_handle)
        return _pooled(module, images)

    return _module(call, resource=resource)


def _in_a_gradient(written: str) -> Any:
    import tensorflow as tf

    @tf.custom_gradient
    def passed(vectors: Any) -> Any:
        def gradient(upstream: Any) -> Any:
            _write(written)
            return upstream

        return vectors, gradient

    return _module(lambda module, images: passed(_pooled(module, images)))


def _in_a_function_that_nothing_calls(written: str) -> Any:
    import tensorflow as tf

    @tf.function(input_signature=[])
    def unused() -> Any:
        _write(written)
        return tf.constant(0)

    return _module(_pooled, unused=unused)


def _by_printing(written: str) -> Any:
    import tensorflow as tf

    def call(module: Any, images: Any) -> Any:
        tf.print("written", output_stream=f"file://{written}")
        return _pooled(module, images)

    return _module(call)


def _by_saving(written: str) -> Any:
    import tensorflow as tf

    def call(module: Any, images: Any) -> Any:
        saved = tf.raw_ops.SaveV2(
            prefix=written, tensor_names=["a"], shape_and_slices=[""], tensors=[tf.constant(1)]
        )
        with tf.control_dependencies([saved]):
            return tf.identity(_pooled(module, images))

    return _module(call)


def _by_merging(written: str) -> Any:
    import tensorflow as tf

    def call(module: Any, images: Any) -> Any:
        tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=[written], destination_prefix=written)
        return _pooled(module, images)

    return _module(call)


def _by_python(written: str) -> Any:
    import tensorflow as tf

    def write(vectors: Any) -> Any:
        Path(written).write_bytes(b"written")
        return vectors

    def call(module: Any, images: Any) -> Any:
        vectors = tf.numpy_function(write, [_pooled(module, images)], tf.float32)
        return tf.ensure_shape(vectors, [None, KERNEL.shape[1]])

    return _module(call)


def _by_a_data_set(written: str) -> Any:
    import tensorflow as tf

    def call(module: Any, images: Any) -> Any:
        dataset = tf.data.Dataset.range(1).cache(written)
        last = dataset.reduce(tf.constant(0, tf.int64), lambda _last, value: value)
        return _pooled(module, images) + tf.cast(last, tf.float32)

    return _module(call)


WAYS: dict[str, Callable[[str], Any]] = {
    "signature": _in_a_signature,
    "called function": _in_a_called_function,
    "loop": _in_a_loop,
    "branch": _in_a_branch,
    "initializer": _in_an_initializer,
    "gradient": _in_a_gradient,
    "function that nothing calls": _in_a_function_that_nothing_calls,
    "print": _by_printing,
    "save": _by_saving,
    "merge": _by_merging,
    "python": _by_python,
    "data set": _by_a_data_set,
}
"""Ways to write a file, by name."""
