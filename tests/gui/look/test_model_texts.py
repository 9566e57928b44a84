"""A model in a line, and at length."""

from dataclasses import replace

import numpy as np

from core.evaluation.metrics import evaluate_predictions
from core.models.model_info import SplitResult
from gui.look.model_texts import model_facts, model_report
from tests.models import model_info

# Of nine cats all are found, of two coffees none; there is no rocket.
MEASURED = SplitResult.of(evaluate_predictions(np.repeat([0, 1], [9, 2]), np.zeros(11, int), 3))
INFO = replace(model_info(), test=MEASURED, training_counts=(90, 6, 4))


def test_balanced_accuracy_and_baseline_stand_beside_the_accuracy():
    assert model_facts(INFO).endswith(
        "3 classes · test accuracy 81.8% · balanced accuracy 50.0% · majority baseline 81.8%"
    )


def test_a_model_of_an_earlier_version_has_its_accuracy_alone():
    assert model_facts(model_info()).endswith("test accuracy 100.0%")


def test_at_length_it_has_recalls_warnings_and_classes():
    text = model_report(INFO)
    assert "Recall: “coffee” 0.0% of 2, “cat” 100.0% of 9." in text
    assert "“coffee” has only 2 test pictures" in text
    assert text.endswith("cat, coffee, rocket")
