"""Untrained networks of the catalogue's kinds, saved as those are. Imports TensorFlow.

Together they hold the operations of TensorFlow Hub's image feature vectors: networks of Keras,
graphs of TensorFlow 1 with its own loops and branches, and what newer families add.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

_SIDE = 64


def save_architecture(folder: Path, name: str) -> Path:
    """Save one of `ARCHITECTURES`."""
    ARCHITECTURES[name](folder)
    return folder


def _reusable(folder: Path, network: Any, side: int, **more: Any) -> None:
    """Save as hub's reusable SavedModels are: two calls, weights, losses of regularisation.

    Args:
        more: Attributes of the saved object.
    """
    import tensorflow as tf

    @tf.function
    def call(inputs: Any, training: bool = False) -> Any:
        return network(inputs, training=training)

    def loss_of(variable: Any) -> Any:
        return tf.function(lambda: 1e-4 * tf.nn.l2_loss(variable), input_signature=[])

    for training in (True, False):
        call.get_concrete_function(tf.TensorSpec([None, side, side, 3]), training=training)
    reusable = tf.train.Checkpoint()
    reusable.__call__ = call
    reusable.variables = network.variables
    reusable.trainable_variables = network.trainable_variables
    reusable.regularization_losses = [loss_of(each) for each in network.trainable_variables[:2]]
    for attribute, value in more.items():
        setattr(reusable, attribute, value)
    tf.saved_model.save(reusable, str(folder))


def _application(name: str, side: int = 96) -> Callable[[Path], None]:
    def save(folder: Path) -> None:
        import tf_keras

        network = getattr(tf_keras.applications, name)(
            weights=None, include_top=False, pooling="avg", input_shape=(side, side, 3)
        )
        _reusable(folder, network, side)

    return save


def _with_optimizer(folder: Path) -> None:
    """As Keras saves a network that was trained."""
    import numpy as np
    import tf_keras

    layers = tf_keras.layers
    network = tf_keras.Sequential(
        [
            layers.Input((_SIDE, _SIDE, 3)),
            layers.Conv2D(4, 3, kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, "softmax"),
        ]
    )
    network.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    network.fit(np.zeros((2, _SIDE, _SIDE, 3)), np.eye(2), verbose=0)
    network.save(str(folder), save_format="tf")


def _with_augmentation(folder: Path) -> None:
    import tf_keras

    layers = tf_keras.layers
    network = tf_keras.Sequential(
        [
            layers.Input((_SIDE, _SIDE, 3)),
            layers.Resizing(48, 48),
            layers.RandomFlip(),
            layers.RandomRotation(0.1),
            layers.RandomZoom(0.1),
            layers.RandomTranslation(0.1, 0.1),
            layers.RandomContrast(0.1),
            layers.Conv2D(4, 3, activation="gelu"),
            layers.SpatialDropout2D(0.2),
            layers.GlobalAveragePooling2D(),
        ]
    )
    # Its random numbers have states, which a list of weights leaves out.
    _reusable(folder, network, _SIDE, layers=network)


def _transformer(folder: Path) -> None:
    """Patches, attention and shifted windows, as ViT and Swin have them."""
    import tensorflow as tf
    import tf_keras

    layers = tf_keras.layers
    images = tf_keras.Input((_SIDE, _SIDE, 3))
    tokens = layers.Reshape((64, 16))(layers.Conv2D(16, 8, 8)(images))
    tokens = tokens + layers.Embedding(64, 16)(tf.range(64))
    normal = layers.LayerNormalization()(tf.roll(tokens, 4, 1))
    tokens = tokens + layers.MultiHeadAttention(2, 8, dropout=0.1)(normal, normal)
    tokens = tokens + layers.Dense(16)(layers.Dense(32, activation=tf.nn.gelu)(tokens))
    vectors = layers.GlobalAveragePooling1D()(layers.Dropout(0.1)(tokens))
    _reusable(folder, tf_keras.Model(images, vectors), _SIDE)


def _big_transfer(folder: Path) -> None:
    """Standardised weights and group normalisation, as BiT has them."""
    import tensorflow as tf
    import tf_keras

    layers = tf_keras.layers

    class Convolution(layers.Conv2D):
        def convolution_op(self, inputs: Any, kernel: Any) -> Any:
            mean, variance = tf.nn.moments(kernel, [0, 1, 2], keepdims=True)
            return super().convolution_op(inputs, (kernel - mean) * tf.math.rsqrt(variance + 1e-10))

    images = tf_keras.Input((_SIDE, _SIDE, 3))
    root = layers.MaxPool2D(3, 2)(Convolution(8, 7, 2)(layers.ZeroPadding2D(3)(images)))
    unit = layers.ReLU()(layers.GroupNormalization(4)(root))
    unit = root + Convolution(8, 3, padding="same")(unit)
    _reusable(folder, tf_keras.Model(images, layers.GlobalAveragePooling2D()(unit)), _SIDE)


def _old_network(images: Any, is_training: Any, uses_resources: bool) -> Any:
    """A convolution with batch normalisation by `tf.cond`, and a loop, in TensorFlow 1."""
    import tensorflow as tf

    v1 = tf.compat.v1
    with v1.variable_scope("net", use_resource=uses_resources, reuse=v1.AUTO_REUSE):
        x = tf.nn.conv2d(images, v1.get_variable("kernel", [3, 3, 3, 8]), 2, "SAME")
        gamma, beta = v1.get_variable("gamma", [8]), v1.get_variable("beta", [8])
        mean = v1.get_variable("moving_mean", [8], trainable=False)
        variance = v1.get_variable("moving_variance", [8], trainable=False)

    def trained() -> Any:
        y, batch_mean, batch_variance = v1.nn.fused_batch_norm(x, gamma, beta)
        moved = [
            v1.assign_sub(mean, 0.1 * (mean - batch_mean)),
            v1.assign_sub(variance, 0.1 * (variance - batch_variance)),
        ]
        with tf.control_dependencies(moved):
            return v1.nn.dropout(y, rate=0.1)

    def used() -> Any:
        return v1.nn.fused_batch_norm(x, gamma, beta, mean, variance, is_training=False)[0]

    y = tf.cond(is_training, trained, used)
    y = tf.while_loop(lambda i, _: i < 3, lambda i, each: (i + 1, each * 1.01), [0, y])[1]
    return tf.reduce_mean(tf.nn.relu6(y), [1, 2])


def _old_graph(*, uses_resources: bool, is_sharded: bool) -> Callable[[Path], None]:
    """A SavedModel of TensorFlow 1, with a table of class names."""

    def save(folder: Path) -> None:
        import tensorflow as tf

        v1 = tf.compat.v1
        v1.disable_control_flow_v2()
        try:
            with tf.Graph().as_default(), v1.Session() as session:
                images = v1.placeholder(tf.float32, [None, _SIDE, _SIDE, 3])
                is_training = v1.placeholder_with_default(False, [])
                vectors = _old_network(images, is_training, uses_resources)
                pairs = tf.lookup.KeyValueTensorInitializer(tf.constant(["a"]), tf.constant([1]))
                tf.lookup.StaticHashTable(pairs, -1).lookup(tf.constant(["a"]))
                session.run([v1.global_variables_initializer(), v1.tables_initializer()])
                builder = v1.saved_model.Builder(str(folder))
                signature = v1.saved_model.predict_signature_def(
                    {"images": images}, {"default": vectors}
                )
                builder.add_meta_graph_and_variables(
                    session,
                    ["serve"],
                    {"serving_default": signature},
                    saver=v1.train.Saver(sharded=is_sharded),
                    main_op=v1.tables_initializer(),
                )
                builder.save()
        finally:
            v1.enable_control_flow_v2()

    return save


def _old_graph_for_tensorflow_2(folder: Path) -> None:
    """A graph of TensorFlow 1 in functions of TensorFlow 2, as many of hub's modules are."""
    import tensorflow as tf
    from tensorflow.python.eager.wrap_function import VariableHolder, WrappedGraph

    tf.compat.v1.disable_control_flow_v2()
    try:
        graph = WrappedGraph(VariableHolder(share_variables=True))
        spec = [tf.TensorSpec([None, _SIDE, _SIDE, 3])]
        calls = {
            training: graph.wrap_function(
                lambda images, training=training: _old_network(images, tf.constant(training), True),
                spec,
            )
            for training in (True, False)
        }

        @tf.function
        def call(inputs: Any, training: bool = False) -> Any:
            return calls[training](inputs)

        for training in (True, False):
            call.get_concrete_function(spec[0], training=training)
        reusable = tf.train.Checkpoint()
        reusable.__call__ = call
        reusable.variables = list(graph.variables.values())
        tf.saved_model.save(reusable, str(folder))
    finally:
        tf.compat.v1.enable_control_flow_v2()


QUICK: dict[str, Callable[[Path], None]] = {
    "optimizer": _with_optimizer,
    "augmentation": _with_augmentation,
    "transformer": _transformer,
    "BiT": _big_transfer,
    "TF1": _old_graph(uses_resources=False, is_sharded=False),
    "TF1 sharded": _old_graph(uses_resources=True, is_sharded=True),
    "TF1 in TF2": _old_graph_for_tensorflow_2,
}
"""Those that are small; between them they hold most of the operations."""

ARCHITECTURES = QUICK | {
    name: _application(name)
    for name in (
        "ConvNeXtTiny",
        "DenseNet121",
        "EfficientNetB0",
        "EfficientNetV2B0",
        "EfficientNetV2S",
        "InceptionResNetV2",
        "InceptionV3",
        "MobileNet",
        "MobileNetV2",
        "MobileNetV3Small",
        "NASNetMobile",
        "RegNetX002",
        "ResNet50",
        "ResNet50V2",
        "ResNetRS50",
        "VGG16",
        "Xception",
    )
}
"""All of them, by name; they take minutes."""
