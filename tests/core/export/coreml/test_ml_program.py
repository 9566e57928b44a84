"""Operations of ML programs are computed as TensorFlow computes what they were converted from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from core.export.coreml.conversion_program import add_missing_operations
from core.export.coreml.ml_program import MlProgram, NotComputedError
from tests.core.export.coreml.conftest import random_images

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.usefixtures("coremltools"),
]
SIZE = (17, 14)  # odd and even, so that the sides of a padding differ
RANDOM = np.random.default_rng(11)


def kernel(*shape: int) -> Any:
    return tf.constant(RANDOM.normal(0, 0.3, shape).astype(np.float32))


def normalized(images: Any) -> Any:
    values = [tf.constant(RANDOM.uniform(0.5, 1.5, 4).astype(np.float32)) for _ in range(4)]
    x = tf.nn.conv2d(images, kernel(3, 3, 3, 4), 1, "SAME")
    return tf.nn.batch_normalization(tf.nn.relu(x), *values, 1e-3)


def normalized_by_itself(images: Any) -> Any:
    scale, offset, mean, variance = RANDOM.uniform(0.5, 1.5, (4, 3)).astype(np.float32)
    y, *_ = tf.compat.v1.nn.fused_batch_norm(
        tf.nn.relu(images - 0.5), scale, offset, mean, variance, is_training=False
    )
    return y


def normalized_by_layer(images: Any) -> Any:
    gamma, beta = RANDOM.uniform(0.5, 1.5, (2, 3)).astype(np.float32)
    mean = tf.reduce_mean(images, -1, keepdims=True)
    variance = tf.reduce_mean(tf.math.squared_difference(images, mean), -1, keepdims=True)
    factor = tf.math.rsqrt(variance + 1e-3) * gamma
    return images * factor + (beta - mean * factor)


def dense(images: Any) -> Any:
    x = tf.reduce_mean(images, (1, 2)) @ kernel(3, 5) + tf.constant(RANDOM.normal(0, 1, 5), "float")
    return tf.expand_dims(tf.expand_dims(x, 1), 1)


def attending(images: Any) -> Any:
    """A layer of a vision transformer."""
    x = tf.reshape(images, (1, SIZE[0] * SIZE[1], 3)) @ kernel(3, 8)
    mean, variance = tf.nn.moments(x, -1, keepdims=True)
    x = (x - mean) * tf.math.rsqrt(variance + 1e-6)
    a, b, c = tf.split(x @ kernel(8, 12), 3, -1)
    x = tf.nn.softmax(tf.matmul(a, b, transpose_b=True) / 2.0) @ c
    return tf.reshape(tf.nn.gelu(x), (1, *SIZE, 4))


CALLS: dict[str, Callable[[Any], Any]] = {
    "convolution, same": lambda x: tf.nn.conv2d(x, kernel(3, 3, 3, 4), 2, "SAME"),
    "convolution, valid": lambda x: tf.nn.conv2d(x, kernel(2, 5, 3, 4), (1, 3), "VALID"),
    "convolution, dilated": lambda x: tf.nn.conv2d(x, kernel(3, 3, 3, 4), 1, "SAME", dilations=2),
    "convolution by channel": lambda x: tf.nn.depthwise_conv2d(
        x, kernel(3, 3, 3, 2), (1, 2, 2, 1), "SAME"
    ),
    "convolution, padded": lambda x: tf.nn.conv2d(
        tf.pad(x, [(0, 0), (0, 1), (2, 1), (0, 0)]), kernel(3, 3, 3, 4), 2, "VALID"
    ),
    "largest": lambda x: tf.nn.max_pool2d(x - 2.0, 3, 2, "SAME"),
    "mean of parts, same": lambda x: tf.nn.avg_pool2d(x, 3, 2, "SAME"),
    "mean of parts, valid": lambda x: tf.nn.avg_pool2d(x, 2, 2, "VALID"),
    "batch normalisation": normalized,
    "batch normalisation alone": normalized_by_itself,
    "layer normalisation": normalized_by_layer,
    "dense": dense,
    "attention": attending,
    "gelu": lambda x: 0.5 * x * (1.0 + tf.math.erf(x / np.float32(np.sqrt(2)))),
    "quotient": lambda x: (
        x / (1.0 + tf.reduce_max(x, -1, keepdims=True)) + tf.math.reciprocal(x + 1)
    ),
    "fewer dimensions": lambda x: tf.expand_dims(tf.squeeze(x[:, 3:4], 1), 2) * x[:, :1],
    "swish": lambda x: tf.nn.silu(4 * x - 2),
    "hard swish": lambda x: x * tf.nn.relu6(4 * x + 1) / 6.0,
    "limits": lambda x: (
        tf.raw_ops.ClipByValue(t=x, clip_value_min=0.2, clip_value_max=0.7)
        + tf.clip_by_value(x, 0.3, 0.5)
    ),
    "leaky": lambda x: tf.nn.leaky_relu(x - 0.5, 0.3) + tf.nn.elu(x - 0.5),
    "roots": lambda x: tf.sqrt(x + 0.1) + tf.math.rsqrt(x + 0.5) + tf.square(x) + (x + 1) ** 1.5,
    "curves": lambda x: tf.tanh(x) + tf.exp(-x) + tf.math.erf(x) + tf.nn.softplus(x),
    "gates": lambda x: x * tf.sigmoid(tf.reduce_mean(x, (1, 2), keepdims=True) @ kernel(3, 3)),
    "resized": lambda x: tf.image.resize(tf.image.resize(x, (5, 7)), (9, 8)),
    "parts": lambda x: tf.concat([tf.maximum(*tf.split(x, 2, 2)), x[:, :, :7] / 3.0], 2),
    "extremes": lambda x: tf.reduce_max(x, 2, keepdims=True) - tf.reduce_sum(x, 1, keepdims=True),
}


# Core ML's reciprocal is defined as 1 / (x + 1e-4).
TOLERANCE = {"quotient": 2e-5}


def converted(call: Callable[[Any], Any], folder: Path) -> tuple[Any, Path]:
    """The classifier of two classes that begins with `call`, and its float32 package."""
    import coremltools as ct

    add_missing_operations()
    spec = tf.TensorSpec([1, *SIZE, 3], tf.float32, name="images")

    @tf.function(input_signature=[spec], autograph=False)
    def classify(images: Any) -> Any:
        features = tf.reduce_mean(call(images), (1, 2))
        last = tf.linspace(-1.0, 2.0, 2 * features.shape[-1])
        return tf.nn.softmax(features @ tf.reshape(last, (-1, 2)))

    made = ct.convert(
        [classify.get_concrete_function()],
        source="tensorflow",
        inputs=[ct.ImageType(name="images", shape=(1, *SIZE, 3), scale=1 / 255)],
        classifier_config=ct.ClassifierConfig(["a", "b"]),
        convert_to="mlprogram",
        compute_precision=ct.precision.FLOAT32,
        minimum_deployment_target=ct.target.iOS15,
        skip_model_load=True,
    )
    made.save(str(folder / "a.mlpackage"))
    return classify, folder / "a.mlpackage"


@pytest.mark.parametrize("name", CALLS)
def test_it_gives_what_tensorflow_gives(name: str, tmp_path: Path):
    classify, package = converted(CALLS[name], tmp_path)
    program = MlProgram(package)
    assert (program.image_size, program.labels) == (SIZE, ["a", "b"])
    for image in random_images(3, SIZE):
        expected = classify(tf.constant(image[np.newaxis] / np.float32(255))).numpy()[0]
        np.testing.assert_allclose(
            program.probabilities(image), expected, atol=TOLERANCE.get(name, 2e-6)
        )


def test_an_unknown_operation_is_named_and_nothing_computed(tmp_path: Path):
    _, package = converted(lambda x: tf.cumsum(x, axis=1), tmp_path)
    with pytest.raises(NotComputedError, match=r"^cumsum$"):
        MlProgram(package).trace()
