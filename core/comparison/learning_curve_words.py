"""Sentences that say what more images would bring."""

from core.comparison.learning_curve import FEWEST_SIZES, LearningCurve
from core.text import Text

_WIDEST = 0.1


def gain_sentence(curve: LearningCurve | None) -> Text:
    """Say what twice as many training images as in the largest point would bring.

    Args:
        curve: None if there are too few points for one.
    """
    if curve is None:
        return Text(
            "Too few points to say what more pictures would bring: train on %1 different numbers "
            "of pictures at least.",
            FEWEST_SIZES,
        )
    gain = curve.gain(2.0)
    low, high = _points(gain.low), _points(gain.high)
    if gain.high - gain.low > _WIDEST:
        return Text(
            "Too few points to say what more pictures would bring: twice as many may bring %1 to "
            "%2 points. Train on more numbers of pictures, or with more seeds.",
            low,
            high,
        )
    value = f"+{_points(gain.value)}"
    return Text("Twice as many pictures would bring about %1 points (%2 to %3).", value, low, high)


def _points(fraction: float) -> str:
    return f"{100 * max(0.0, fraction):.1f}"
