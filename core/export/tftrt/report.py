"""The report of a conversion to TF-TRT."""

from dataclasses import dataclass
from typing import Any

COMPUTES_NOTHING = frozenset({"Const", "Placeholder", "Identity", "NoOp"})
"""Types of operations that TensorFlow counts like others."""


@dataclass(frozen=True, slots=True)
class NotConverted:
    """An operation that TensorFlow still computes.

    Attributes:
        name: Of the node in the converted graph.
        type: Such as `Conv2D`.
        reason: As TensorFlow logs it.
    """

    name: str
    type: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """The speed of a model on the GPU.

    Attributes:
        latency_ms_p50: Median time of one image alone.
        latency_ms_p95: 95th percentile of it.
        images_per_s: Images a second, by batch size.
    """

    latency_ms_p50: float
    latency_ms_p95: float
    images_per_s: dict[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TftrtReport:
    """The operations of a converted model, and its speed if there is a GPU.

    Operations are counted as TensorFlow's own summary does: every node of the graph, constants,
    inputs and outputs included, an engine as the nodes inside it.

    Attributes:
        engines: TensorRT engines in the graph; at least 1.
        converted: Operations in engines, by type.
        not_converted: All others.
        built_batch_sizes: For which engines were built; none without a GPU.
        native: The original on this GPU; None if it was not measured.
        tftrt: The converted model.
        top1_agreement: Fraction of images for which both predict the same class.
        notes: What else users should know.
    """

    engines: int
    converted: dict[str, int]
    not_converted: tuple[NotConverted, ...]
    built_batch_sizes: tuple[int, ...] = ()
    native: Speed | None = None
    tftrt: Speed | None = None
    top1_agreement: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def num_converted(self) -> int:
        """Operations in engines."""
        return sum(self.converted.values())

    @property
    def num_operations(self) -> int:
        """All operations of the model."""
        return self.num_converted + len(self.not_converted)

    @property
    def fraction(self) -> float:
        """Fraction of operations that are in engines, in [0, 1]."""
        return self.num_converted / self.num_operations if self.num_operations else 0.0

    @property
    def num_computing(self) -> tuple[int, int]:
        """Operations that compute something: in engines, and in all.

        Constants, inputs, outputs and the like are left out.
        """
        inside = sum(n for kind, n in self.converted.items() if kind not in COMPUTES_NOTHING)
        left = sum(operation.type not in COMPUTES_NOTHING for operation in self.not_converted)
        return inside, inside + left

    def to_json_dict(self) -> dict[str, Any]:
        """Return the details for `export.json`."""
        computing_converted, computing = self.num_computing
        return {
            "engines": self.engines,
            "num_operations": self.num_operations,
            "num_converted": self.num_converted,
            "share_converted": self.fraction,
            "num_computing_operations": computing,
            "num_computing_converted": computing_converted,
            "converted": self.converted,
            "not_converted": [
                {"name": left.name, "type": left.type, "reason": left.reason}
                for left in self.not_converted
            ],
            "built_batch_sizes": list(self.built_batch_sizes),
            "native": _speed_dict(self.native),
            "tftrt": _speed_dict(self.tftrt),
            "top1_agreement": self.top1_agreement,
        }


def report_from_message(content: dict[str, Any]) -> TftrtReport:
    """Make a report of a message of `conversion_program.py`."""
    return TftrtReport(
        engines=content["engines"],
        converted=dict(content["converted"]),
        not_converted=tuple(NotConverted(*left) for left in content["not_converted"]),
        built_batch_sizes=tuple(content["built_batch_sizes"]),
        native=_speed(content.get("native")),
        tftrt=_speed(content.get("tftrt")),
        top1_agreement=content.get("top1_agreement"),
        notes=tuple(content["notes"]),
    )


def _speed(content: dict[str, Any] | None) -> Speed | None:
    if content is None:
        return None
    rates = {int(size): rate for size, rate in content["images_per_s"].items()}
    return Speed(
        latency_ms_p50=content["latency_ms_p50"],
        latency_ms_p95=content["latency_ms_p95"],
        images_per_s=rates,
    )


def _speed_dict(speed: Speed | None) -> dict[str, Any] | None:
    if speed is None:
        return None
    return {
        "latency_ms_p50": speed.latency_ms_p50,
        "latency_ms_p95": speed.latency_ms_p95,
        "images_per_s": {str(size): rate for size, rate in speed.images_per_s.items()},
    }
