"""`fieldguide evaluate`: measure a model on labelled images."""

import argparse
import json
from typing import Any

from core.cli.command import Commands, add_command
from core.cli.image_sources import add_image_arguments, chosen_images
from core.cli.model_argument import add_model_argument
from core.cli.model_choice import chosen_classifier
from core.cli.output import complain
from core.data.scanning.scan import scan_images
from core.evaluation.measured_figures import figures_to_json_dict
from core.models.evaluate import ModelEvaluation, evaluate_model
from core.runs.seen_images import num_seen_in_training
from core.text import count_text


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(
        commands,
        "evaluate",
        description="Classify labelled pictures and measure accuracy with its 95% Wilson interval, "
        "balanced accuracy, the accuracy of always answering the largest training class, figures "
        "for each class, and the confusion matrix. Use pictures that the model was not trained "
        "on: they count as test pictures.",
    )
    add_image_arguments(parser)
    add_model_argument(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=lambda arguments: _run(parser, arguments))


def _run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    chosen = chosen_images(parser, arguments)
    spec = chosen_classifier(arguments)
    scanned = scan_images(chosen.sources)
    dataset = chosen.edits.apply(scanned)
    # Imported here: a command that prints no table needn't load Rich.
    from core.cli.counting import counting
    from core.cli.evaluation_tables import print_evaluation

    with counting("Classifying", len(dataset.images)) as on_progress:
        result = evaluate_model(spec, dataset, on_progress)
    num_seen = num_seen_in_training(spec.path.parent, [image.path for image in dataset.images])
    if arguments.json:
        print(json.dumps(_json(result) | {"num_seen_in_training": num_seen}))
    else:
        print_evaluation(result)
    if num := result.num_in_two_classes:
        complain(
            count_text(
                "Note: %n picture(s) (is|are) left out, since the same picture is in two classes.",
                "",
                num,
            )
        )
    if num_seen:
        complain(
            f"Note: {num_seen} of these pictures were used in the model's training, so the "
            "figures are too optimistic. Use other pictures."
        )
    return 0


def _json(result: ModelEvaluation) -> dict[str, Any]:
    figures = result.evaluation
    return {
        "accuracy": figures.accuracy,
        "interval": list(figures.interval),
        "num_images": figures.num_images,
        "classes": list(result.labels),
        "confusion_matrix": figures.confusion_matrix.tolist(),
        **figures_to_json_dict(result.figures()),
        "skipped": [{"path": str(path), "reason": reason} for path, reason in result.skipped],
    }
