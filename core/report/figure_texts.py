"""Numbers and sentences that several parts of a report have."""

from core.data.dataset import Split
from core.evaluation.figure_words import percent_text
from core.evaluation.metrics import Evaluation
from core.text import Text, count_text

_SMALL_TEST = 100
_MINUTE, _HOUR = 60, 3_600


def accuracy_sentence(evaluation: Evaluation, split: Split) -> Text:
    """Say the accuracy with its interval, and what it was measured on."""
    accuracy = percent(evaluation.accuracy)
    low, high = (percent(bound) for bound in evaluation.interval)
    if split is Split.TEST:
        return count_text(
            "%1 of test pictures classified correctly. With %n picture(s), the 95% confidence "
            "interval is %2 to %3. None of them was used in training.",
            "",
            evaluation.num_images,
            accuracy,
            low,
            high,
        )
    return count_text(
        "%1 of validation pictures classified correctly; with %n picture(s) between %2 and %3 "
        "(95% interval). They were used to pick the best epoch, so this is slightly optimistic.",
        "",
        evaluation.num_images,
        accuracy,
        low,
        high,
    )


def is_rough(evaluation: Evaluation) -> bool:
    """Tell whether so few images were measured that the figure is a rough estimate."""
    return evaluation.num_images < _SMALL_TEST


def duration(seconds: float) -> str:
    """Write a time: "40 s", "2 min 10 s", "1 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return Text("%1 s", str(whole))
    if whole < _HOUR:
        return Text("%1 min %2 s", str(whole // _MINUTE), str(whole % _MINUTE))
    return Text("%1 h %2 min", str(whole // _HOUR), str(whole % _HOUR // _MINUTE))


def data_size(num_bytes: int) -> str:
    """Write an amount of data: "14.2 MB"."""
    return f"{num_bytes / 1e6:.1f} MB"


def percent(fraction: float | None, digits: int = 1) -> str:
    """Write a fraction: "92.5%"; a dash for an unknown one."""
    return "–" if fraction is None else percent_text(fraction, digits)
