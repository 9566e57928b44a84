"""An evaluation for a person: one sentence, two tables."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.cli.output import one_line
from core.evaluation.metrics import ClassMetrics
from core.models.evaluate import ModelEvaluation

_LARGEST_MATRIX = 20


def print_evaluation(result: ModelEvaluation) -> None:
    """Print accuracy, figures for each class and the confusion matrix."""
    console = Console(highlight=False)
    figures = result.evaluation
    low, high = figures.interval
    for path, reason in result.skipped:
        console.print(_text(f"Left out: {path}: {reason}"), soft_wrap=True)
    console.print(
        f"Accuracy {100 * figures.accuracy:.2f} % on {figures.num_images} pictures "
        f"(95 % interval {100 * low:.2f} to {100 * high:.2f} %)",
        soft_wrap=True,
    )
    console.print(_class_table(result))
    if len(result.labels) <= _LARGEST_MATRIX:
        console.print(_matrix_table(result))
    else:
        console.print("The confusion matrix is too wide to print; --json has it.")


def _class_table(result: ModelEvaluation) -> Table:
    table = Table("class", title="Figures for each class")
    for heading in ("precision", "recall", "F1", "pictures"):
        table.add_column(heading, justify="right")
    for label, metrics in zip(result.labels, result.evaluation.per_class, strict=True):
        table.add_row(_text(label), *_cells(metrics))
    return table


def _cells(metrics: ClassMetrics) -> list[str]:
    shares = (metrics.precision, metrics.recall, metrics.f1)
    return [
        *("–" if share is None else f"{share:.3f}" for share in shares),
        str(metrics.num_images),
    ]


def _matrix_table(result: ModelEvaluation) -> Table:
    table = Table("true class", title="Confusion matrix: columns are the model's answers")
    for label in result.labels:
        table.add_column(_text(label), justify="right")
    matrix = result.evaluation.confusion_matrix.tolist()
    for label, row in zip(result.labels, matrix, strict=True):
        table.add_row(_text(label), *(str(count) for count in row))
    return table


def _text(text: str) -> str:
    return escape(one_line(text))
