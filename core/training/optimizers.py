"""Weight updates through TensorFlow's fused kernels.

A Keras optimizer builds each update from a dozen small operations; on a head of 1,280×5
weights that overhead is most of a step. The kernels used here are the ones that
`tf_keras.optimizers.legacy` uses, with the same meaning of all constants.
"""

from collections.abc import Sequence
from typing import Any, assert_never

import tensorflow as tf

from core.settings.choices import Optimizer

# Defaults of tf_keras.optimizers; momentum as in most recipes for SGD.
_MOMENTUM = 0.9
_RHO = 0.9
_BETA_1 = 0.9
_BETA_2 = 0.999
_EPSILON = 1e-7


def clipped(gradients: Sequence[Any], limit: float) -> Sequence[Any]:
    """Gradients, scaled down together where their common norm is beyond a limit.

    Pascanu et al., "On the difficulty of training recurrent neural networks" (2013).

    Args:
        limit: Largest norm; 0 leaves all as it is and adds nothing to a graph.
    """
    if not limit:
        return gradients
    scaled, _ = tf.clip_by_global_norm(gradients, limit)
    return list(scaled)


class FusedOptimizer(tf.Module):
    """An optimizer, with its slot variables for checkpoints.

    It also updates the variables of a loaded SavedModel, and those of a `MirroredStrategy`; it is
    made within the strategy's scope then.

    Args:
        variables: The weights to update; the order of gradients is theirs.
        weight_decay: Decoupled decay of kernels (Loshchilov and Hutter, 2019); `adamw` only.
    """

    # `variables`, which go into checkpoints, are those that this makes itself.
    _TF_MODULE_IGNORED_PROPERTIES = frozenset(
        {*tf.Module._TF_MODULE_IGNORED_PROPERTIES, "_variables"}
    )

    def __init__(
        self, optimizer: Optimizer, variables: Sequence[Any], *, weight_decay: float
    ) -> None:
        super().__init__()
        self._optimizer = optimizer
        self._variables = list(variables)
        self._weight_decay = weight_decay if optimizer.decouples_decay else 0.0
        self._slots = [
            [tf.Variable(tf.zeros_like(variable)) for _ in range(_num_slots(optimizer))]
            for variable in self._variables
        ]

    def apply(self, gradients: Sequence[Any], learning_rate: Any, step: Any) -> None:
        """Update all weights; within a strategy, each device its own, by equal gradients.

        Args:
            learning_rate: float32 scalar.
            step: float32 scalar, 1 for the run's first step.
        """
        for variable, slots, gradient in zip(self._variables, self._slots, gradients, strict=True):
            if self._weight_decay and variable.shape.rank > 1:
                # A mirrored variable refuses `assign_sub`, unsure whether all devices do the same.
                tf.raw_ops.AssignSubVariableOp(
                    resource=variable.handle,
                    value=learning_rate * self._weight_decay * tf.convert_to_tensor(variable),
                )
            self._apply_one(variable, slots, gradient, learning_rate, step)

    def _apply_one(
        self, variable: Any, slots: Sequence[Any], gradient: Any, learning_rate: Any, step: Any
    ) -> None:
        match self._optimizer:
            case Optimizer.ADAM | Optimizer.ADAMW:
                tf.raw_ops.ResourceApplyAdam(
                    var=variable.handle,
                    m=slots[0].handle,
                    v=slots[1].handle,
                    beta1_power=tf.pow(_BETA_1, step),
                    beta2_power=tf.pow(_BETA_2, step),
                    lr=learning_rate,
                    beta1=_BETA_1,
                    beta2=_BETA_2,
                    epsilon=_EPSILON,
                    grad=gradient,
                )
            case Optimizer.SGD:
                tf.raw_ops.ResourceApplyKerasMomentum(
                    var=variable.handle,
                    accum=slots[0].handle,
                    lr=learning_rate,
                    grad=gradient,
                    momentum=_MOMENTUM,
                )
            case Optimizer.RMSPROP:
                tf.raw_ops.ResourceApplyRMSProp(
                    var=variable.handle,
                    ms=slots[0].handle,
                    mom=slots[1].handle,
                    lr=learning_rate,
                    rho=_RHO,
                    momentum=0.0,
                    epsilon=_EPSILON,
                    grad=gradient,
                )
            case Optimizer.LBFGS:
                raise ValueError("`lbfgs` takes no steps: see `TrainConfig.step_optimizer`")
            case _:
                assert_never(self._optimizer)


def _num_slots(optimizer: Optimizer) -> int:
    """Return how many variables an optimizer keeps for each weight."""
    match optimizer:
        case Optimizer.ADAM | Optimizer.ADAMW | Optimizer.RMSPROP:
            return 2
        case Optimizer.SGD:
            return 1
        case Optimizer.LBFGS:
            raise ValueError("`lbfgs` takes no steps: see `TrainConfig.step_optimizer`")
        case _:
            assert_never(optimizer)
