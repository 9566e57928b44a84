"""EfficientNet-Lite in TensorFlow's own operations, without Keras. Imported by the worker only.

Plain variables and functions load with `hub.load` in any later TensorFlow, whatever becomes of
Keras.
"""

import tensorflow as tf

from core.backbones.efficientnet_lite.architecture import (
    BATCH_NORM_EPSILON,
    INPUT_OFFSET,
    INPUT_SCALE,
    Architecture,
    BlockShape,
)
from core.backbones.efficientnet_lite.torch_weights import Weights

# Fraction of the old moving average that one training step keeps.
BATCH_NORM_MOMENTUM = 0.99


class Convolution(tf.Module):
    """A convolution without bias, "same" padding."""

    def __init__(self, weights: Weights, source: str, name: str, stride: int = 1) -> None:
        super().__init__()
        # PyTorch keeps (out, in, height, width), TensorFlow (height, width, in, out).
        kernel = weights[f"{source}.weight"].transpose(2, 3, 1, 0)
        self.stride = stride
        self.kernel = tf.Variable(kernel, name=f"{name}/kernel")

    def __call__(self, x: tf.Tensor) -> tf.Tensor:
        """Filter `(batch, height, width, channels)`."""
        return tf.nn.conv2d(x, self.kernel, self.stride, "SAME")


class DepthwiseConvolution(tf.Module):
    """A convolution of each channel by itself, "same" padding."""

    def __init__(self, weights: Weights, source: str, name: str, stride: int) -> None:
        super().__init__()
        # (channels, 1, height, width) becomes (height, width, channels, 1).
        kernel = weights[f"{source}.weight"].transpose(2, 3, 0, 1)
        self.strides = [1, stride, stride, 1]
        self.kernel = tf.Variable(kernel, name=f"{name}/depthwise_kernel")

    def __call__(self, x: tf.Tensor) -> tf.Tensor:
        """Filter `(batch, height, width, channels)`."""
        return tf.nn.depthwise_conv2d(x, self.kernel, self.strides, "SAME")


class BatchNorm(tf.Module):
    """Batch normalisation that follows the batch in training and its moving averages otherwise."""

    def __init__(self, weights: Weights, source: str, name: str) -> None:
        super().__init__()
        self.gamma = tf.Variable(weights[f"{source}.weight"], name=f"{name}/gamma")
        self.beta = tf.Variable(weights[f"{source}.bias"], name=f"{name}/beta")
        self.moving_mean = tf.Variable(
            weights[f"{source}.running_mean"], trainable=False, name=f"{name}/moving_mean"
        )
        self.moving_variance = tf.Variable(
            weights[f"{source}.running_var"], trainable=False, name=f"{name}/moving_variance"
        )

    def __call__(self, x: tf.Tensor, training: bool) -> tf.Tensor:
        """Normalise; in training this also moves the averages towards the batch."""
        # The fused operation: TensorFlow's graph optimiser and LiteRT's converter both know how to
        # merge it with the convolution before it.
        if not training:
            y, _, _ = tf.compat.v1.nn.fused_batch_norm(
                x,
                self.gamma,
                self.beta,
                self.moving_mean,
                self.moving_variance,
                epsilon=BATCH_NORM_EPSILON,
                is_training=False,
            )
            return y
        y, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            x, self.gamma, self.beta, epsilon=BATCH_NORM_EPSILON, is_training=True
        )
        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average.assign_sub((1.0 - BATCH_NORM_MOMENTUM) * (average - value))
        return y


class InvertedResidual(tf.Module):
    """Widen by 1x1, filter each channel, narrow by 1x1, add the input where the shapes agree."""

    def __init__(self, weights: Weights, block: BlockShape) -> None:
        name = f"block{block.index}"
        super().__init__()
        source = f"_blocks.{block.index}."
        self.has_skip = block.has_skip
        self.expand = None
        if block.expansion != 1:
            self.expand = Convolution(weights, f"{source}_expand_conv", f"{name}/expand")
            self.expand_norm = BatchNorm(weights, f"{source}_bn0", f"{name}/expand_norm")
        self.depthwise = DepthwiseConvolution(
            weights, f"{source}_depthwise_conv", f"{name}/depthwise", block.stride
        )
        self.depthwise_norm = BatchNorm(weights, f"{source}_bn1", f"{name}/depthwise_norm")
        self.project = Convolution(weights, f"{source}_project_conv", f"{name}/project")
        self.project_norm = BatchNorm(weights, f"{source}_bn2", f"{name}/project_norm")

    def __call__(self, inputs: tf.Tensor, training: bool) -> tf.Tensor:
        """Run the block on `(batch, height, width, in_channels)`."""
        x = inputs
        if self.expand is not None:
            x = tf.nn.relu6(self.expand_norm(self.expand(x), training))
        x = tf.nn.relu6(self.depthwise_norm(self.depthwise(x), training))
        x = self.project_norm(self.project(x), training)
        return x + inputs if self.has_skip else x


class EfficientNetLite(tf.Module):
    """Images `(batch, side, side, 3)` in [0, 1] to feature vectors `(batch, 1280)`, float32."""

    def __init__(self, architecture: Architecture, weights: Weights) -> None:
        super().__init__()
        self.stem = Convolution(weights, "_conv_stem", "stem", stride=2)
        self.stem_norm = BatchNorm(weights, "_bn0", "stem_norm")
        self.blocks = [InvertedResidual(weights, block) for block in architecture.blocks()]
        self.top = Convolution(weights, "_conv_head", "top")
        self.top_norm = BatchNorm(weights, "_bn1", "top_norm")

    def __call__(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Compute feature vectors; `training` is for batch normalisation."""
        x = images * INPUT_SCALE + INPUT_OFFSET
        x = tf.nn.relu6(self.stem_norm(self.stem(x), training))
        for block in self.blocks:
            x = block(x, training)
        x = tf.nn.relu6(self.top_norm(self.top(x), training))
        return tf.reduce_mean(x, axis=[1, 2])


class ImageNetHead(tf.Module):
    """Feature vectors `(batch, 1280)` to logits of ImageNet's 1,000 classes."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self.kernel = tf.Variable(weights["_fc.weight"].T, name="imagenet_head/kernel")
        self.bias = tf.Variable(weights["_fc.bias"], name="imagenet_head/bias")

    def __call__(self, features: tf.Tensor) -> tf.Tensor:
        """Compute logits, before any softmax."""
        return tf.linalg.matmul(features, self.kernel) + self.bias
