"""The values of a run at an epoch, in words."""

from gui.look.language import tr
from gui.look.wording import decimal, percent
from gui.train.training_history import TrainingHistory


def read_out_text(history: TrainingHistory, epoch: float) -> str:
    """Return the values near an epoch, as the line below the plots; "" without any."""
    number = max(1, round(epoch))
    lines = [tr("Epoch %1", str(number))]
    if history.is_iteration(number):
        lines = [tr("Iteration %1", str(number))]
    names = {
        "accuracy": tr("accuracy"),
        "val_accuracy": tr("validation accuracy"),
        "loss": tr("loss"),
        "val_loss": tr("validation loss"),
    }
    for name, text in names.items():
        value = history.curves[name].value_near(round(epoch))
        if value is not None:
            figure = percent(value) if name.endswith("accuracy") else decimal(value, 3)
            lines.append(tr("%1: %2", text, figure))
    return " · ".join(lines) if len(lines) > 1 else ""
