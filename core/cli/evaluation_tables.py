"""An evaluation on the terminal: a sentence and two tables."""

from rich.console import Console
from rich.table import Table

from core.cli.figure_lines import note_lines, summary_lines
from core.cli.output import one_line
from core.evaluation.metrics import ClassMetrics
from core.models.evaluate import ModelEvaluation

_LARGEST_MATRIX = 20


def print_evaluation(result: ModelEvaluation) -> None:
    """Print accuracy, figures for each class and the confusion matrix."""
    # Names of files and classes may look like markup or like emoji codes.
    console = Console(highlight=False, markup=False, emoji=False)
    figures = result.figures()
    low, high = figures.interval
    lines = [
        *(f"Left out: {path}: {reason}" for path, reason in result.skipped),
        f"Accuracy {100 * figures.accuracy:.2f}% on {result.evaluation.num_images} pictures "
        f"(95% interval {100 * low:.2f} to {100 * high:.2f}%)",
        *summary_lines(figures),
    ]
    for line in lines:
        console.print(one_line(line), soft_wrap=True)
    console.print(_class_table(result))
    if len(result.labels) <= _LARGEST_MATRIX:
        console.print(_matrix_table(result))
    else:
        console.print("The confusion matrix is too wide to print; --json has it.")
    for line in note_lines(figures):
        console.print(one_line(line), soft_wrap=True)


def _class_table(result: ModelEvaluation) -> Table:
    table = Table("class", title="Figures for each class")
    for heading in ("precision", "recall", "F1", "pictures"):
        table.add_column(heading, justify="right")
    for label, metrics in zip(result.labels, result.evaluation.per_class, strict=True):
        table.add_row(one_line(label), *_cells(metrics))
    return table


def _cells(metrics: ClassMetrics) -> list[str]:
    fractions = (metrics.precision, metrics.recall, metrics.f1)
    return [
        *("–" if fraction is None else f"{fraction:.3f}" for fraction in fractions),
        str(metrics.num_images),
    ]


def _matrix_table(result: ModelEvaluation) -> Table:
    table = Table("actual class", title="Confusion matrix; columns: predicted class")
    for label in result.labels:
        table.add_column(one_line(label), justify="right")
    matrix = result.evaluation.confusion_matrix.tolist()
    for label, row in zip(result.labels, matrix, strict=True):
        table.add_row(one_line(label), *(str(count) for count in row))
    return table
