"""The choices among words that settings of a training offer."""

from core.choice import Choice
from core.text import Text


class Optimizer(Choice):
    """The rule by which gradients change the weights."""

    ADAM = "adam", "Adam"
    ADAMW = "adamw", "AdamW"
    SGD = "sgd", "SGD"
    RMSPROP = "rmsprop", "RMSprop"
    LBFGS = "lbfgs", Text("Exact (L-BFGS)")

    @property
    def takes_steps(self) -> bool:
        """Whether it changes the weights after each batch."""
        return self is not Optimizer.LBFGS

    @property
    def decouples_decay(self) -> bool:
        """Whether `l2` is a decay of the weights, and not a part of the loss."""
        return self is Optimizer.ADAMW


class Schedule(Choice):
    """How the learning rate changes over a run."""

    CONSTANT = "constant", Text("Constant")
    COSINE = "cosine", Text("Cosine")
    EXPONENTIAL = "exponential", Text("Exponential")
    STEP = "step", Text("Step")
    ONE_CYCLE = "one-cycle", Text("One cycle")
    REDUCE_ON_PLATEAU = "reduce-on-plateau", Text("Reduce on plateau")


class Features(Choice):
    """The layers of the backbone that the head sees."""

    LAST = "last", Text("Last layer")
    STAGES = "stages", Text("Several stages")


class ClassWeighting(Choice):
    """Whether rare classes count more in the loss."""

    NONE = "none", Text("None")
    BALANCED = "balanced", Text("Balanced")


class Device(Choice):
    """The processors that train."""

    AUTO = "auto", Text("Auto")
    CPU = "cpu", Text("CPU")
    GPU = "gpu", Text("GPU")
    ALL_GPUS = "all-gpus", Text("All GPUs")
