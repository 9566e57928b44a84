"""`model.json` comes back as it was written, or is refused with its name."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from core.data.pixels.decoder import DECODER_VERSION, Decoding, ResizeMode
from core.errors import ModelError
from core.evaluation.metrics import evaluate_predictions
from core.models.model_card import model_card
from core.models.model_info import (
    MODEL_FILE,
    MODEL_SCHEMA,
    ModelInfo,
    SplitResult,
    read_model_info,
)
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.storage.atomic_file import write_json_atomically
from tests.models import model_info

# Of ten cats all are found, of two coffees one; there is no rocket.
EVALUATION = evaluate_predictions(np.repeat([0, 1], [10, 2]), np.repeat([0, 1], [11, 1]), 3)
MEASURED = SplitResult.of(EVALUATION)
MEASURED_JSON = json.loads(json.dumps(asdict(MEASURED)))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"test": None, "resize_mode": ResizeMode.PAD},
        {"unknown_threshold": 0.625},
        {"training_counts": (20, 6, 4), "test": MEASURED},
        {"decoding": Decoding(2, 12)},
        {"labels": ("grün 花", "two\nlines", "lone \udce9", "-dash")},
    ],
    ids=["plain", "no test", "threshold", "figures", "decoding", "odd labels"],
)
def test_comes_back_as_it_was(tmp_path: Path, changes: dict) -> None:
    info = replace(model_info(), **changes)
    write_json_atomically(tmp_path / MODEL_FILE, info.to_json_dict())
    assert read_model_info(tmp_path) == info


def test_keys_of_a_later_minor_version_are_passed_over(tmp_path: Path) -> None:
    content = model_info().to_json_dict() | {"weather": "fine"}
    assert ModelInfo.from_json_dict(content) == model_info()


def test_a_model_of_another_decoder_should_be_trained_again() -> None:
    content = model_info().to_json_dict()
    for name in ("decoder", "sample_bits"):
        content.pop(name)
    earlier = ModelInfo.from_json_dict(content)
    assert "Train it again" in str(earlier.advice())
    assert replace(earlier, decoding=Decoding(DECODER_VERSION)).advice() is None


LATER = {
    "is_fine_tuned",
    "num_epochs",
    "unknown_threshold",
    "training_counts",
    "decoder",
    "sample_bits",
}
REQUIRED = model_info().to_json_dict().keys() - {"schema"} - LATER


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_missing_value_is_refused_by_name(name: str) -> None:
    content = model_info().to_json_dict()
    del content[name]
    with pytest.raises(ValueError, match=name):
        ModelInfo.from_json_dict(content)


def test_later_schema_is_refused_with_both_numbers(tmp_path: Path) -> None:
    content = model_info().to_json_dict() | {"schema": MODEL_SCHEMA + 1}
    write_json_atomically(tmp_path / MODEL_FILE, content)
    with pytest.raises(ModelError) as caught:
        read_model_info(tmp_path)
    assert str(tmp_path / MODEL_FILE) in str(caught.value)
    assert f"schema is {MODEL_SCHEMA + 1}" in str(caught.value)
    assert f"reads {MODEL_SCHEMA}" in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": "abc"},
        {"labels": []},
        {"labels": [1, 2]},
        {"labels": None},
        {"input_size": 224},
        {"input_size": [224]},
        {"input_size": ["wide", "high"]},
        {"input_size": [0, 224]},
        {"input_size": [100_000, 100_000]},
        {"input_size": [float("inf"), 224]},
        {"name": ["x"]},
        {"created": 5},
        {"backbone": None},
        {"temperature": "hot"},
        {"temperature": float("nan")},
        {"num_epochs": "many"},
        {"unknown_threshold": "low"},
        {"config": []},
        {"versions": 3},
        {"fit": "stretch"},
        {"validation": None},
        {"validation": {"accuracy": 1}},
        {"test": 3},
        {"training_counts": [1, 2]},
        {"training_counts": ["many", 2, 3]},
        {"training_counts": 3},
        {"test": MEASURED_JSON | {"per_class": MEASURED_JSON["per_class"][:2]}},
        {"test": MEASURED_JSON | {"per_class": [{"recall": 1.0}] * 3}},
    ],
    ids=str,
)
def test_value_of_another_kind_is_refused(tmp_path: Path, changes: dict) -> None:
    content = model_info().to_json_dict() | changes
    write_json_atomically(tmp_path / MODEL_FILE, content)
    with pytest.raises(ModelError, match=r"model\.json can't be used"):
        read_model_info(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"3", b"null", b"\xff\xfe", b"[" * 100_000, b" " * (17 << 20)],
    ids=["empty", "half", "list", "number", "null", "bytes", "deep", "huge"],
)
def test_damaged_file_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MODEL_FILE).write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.json can't be used"):
        read_model_info(tmp_path)


def test_folder_without_it_is_told_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Give the folder `model` of a run"):
        read_model_info(tmp_path)


def test_card_tells_classes_results_and_settings() -> None:
    card = model_card(model_info())
    for line in (
        "- cat",
        "| test (no part in training) | 10 | 100.00% | 72.2–100.0% |",
        "- Epochs: 500",
        "- backbone: efficientnet-lite0, input 224×224 pixels, fit: squash, frozen",
    ):
        assert line in card.splitlines()


def test_the_card_of_an_exact_fit_leaves_out_what_steps_follow() -> None:
    exact, in_steps = (
        model_card(replace(model_info(), config=TrainConfig(optimizer=optimizer).to_json_dict()))
        for optimizer in (Optimizer.LBFGS, Optimizer.ADAM)
    )
    assert "- Learning rate: 0.001" in in_steps.splitlines()
    assert "Learning rate" not in exact


def test_the_card_names_settings_and_values_as_the_window_does() -> None:
    config = TrainConfig(l2=1e-05, optimizer=Optimizer.RMSPROP, fine_tune_fraction=0.3)
    info = replace(model_info(), config=json.loads(json.dumps(config.to_json_dict())))
    how = model_card(info).partition("## How it was made")[2].partition("## Files")[0].splitlines()
    for line in ("- Learning rate: 0.001", "- L2: 0.00001", "- Optimizer: RMSprop"):
        assert line in how
    assert not [line for line in how if "&#" in line or "_" in line]
    assert len([line for line in how if "efficientnet-lite0" in line]) == 1
    # Of fine-tuning nothing is said where there was none.
    tuned = model_card(replace(info, is_fine_tuned=True)).splitlines()
    for line in ("- Fine-tuning rate: 0.00001", "- Layers: 30%", "- Batch norm: off"):
        assert line not in how
        assert line in tuned


def test_settings_of_another_version_are_told_as_they_are_stored() -> None:
    info = replace(model_info(), config={"novel_rate": 0.5, "optimizer": "lion", "epochs": None})
    lines = model_card(info).splitlines()
    for line in ("- novel_rate: 0.5", "- Optimizer: lion", "- Epochs: None"):
        assert line in lines


def test_results_of_an_earlier_version_have_no_figures_of_classes() -> None:
    content = model_info().to_json_dict()
    for split in ("validation", "test"):
        del content[split]["per_class"]
    del content["training_counts"]
    info = ModelInfo.from_json_dict(content)
    assert info.figures() is None
    assert "recall" not in model_card(info)


def test_card_tells_what_accuracy_would_hide() -> None:
    info = replace(
        model_info(), labels=("cat", "a|b", "c\\"), training_counts=(30, 6, 4), test=MEASURED
    )
    lines = model_card(info).splitlines()
    for line in (
        "- balanced accuracy: 75.00% (mean recall of the classes)",
        "- majority baseline: 83.33% (accuracy of always answering “cat”, the class with the most "
        "training pictures)",
        "| class | test pictures | recall |",
        r"| a\|b | 2 | 50.00% |",
        "| cat | 10 | 100.00% |",
        r"| c\\ | 0 | – |",
        r"- “a\|b” has only 2 test pictures, so its recall is a rough figure. Add more pictures of "
        "it.",
    ):
        assert line in lines
    assert lines.index(r"| a\|b | 2 | 50.00% |") < lines.index("| cat | 10 | 100.00% |")


def test_card_without_a_test_says_that_the_figures_are_of_validation() -> None:
    info = replace(model_info(), validation=MEASURED, test=None)
    card = model_card(info)
    assert "measured on validation, which also chose the epoch: slightly optimistic" in card
    assert "| class | validation pictures | recall |" in card
    assert "majority" not in card, "nothing is known of the training"


def test_card_of_a_model_without_a_test_says_so() -> None:
    card = model_card(replace(model_info(), test=None))
    assert "No pictures were set aside for a test." in card
    assert "no part in training" not in card


def test_card_holds_any_label_in_one_line() -> None:
    labels = ("two\nlines", "lone \udce9", "a|b", "    c", "# d", "<img src=x>")
    info = replace(model_info(), labels=labels, name="x\n# y")
    card = model_card(info)
    listed = card.partition("## Classes\n\n")[2].partition("\n\n")[0].splitlines()
    assert listed == [
        r"- two\\nlines",
        r"- lone \\udce9",
        r"- a\|b",
        "- &#32;&#32;&#32;&#32;c",
        r"- \# d",
        r"- \<img src=x\>",
    ]
    assert card.splitlines()[0] == r"# x\\n\# y"
    card.encode("utf-8")


def test_example_in_the_card_is_python() -> None:
    example = model_card(model_info()).partition("```python\n")[2].partition("```")[0]
    compile(example, "card", "exec")
    assert json.loads(json.dumps(model_info().to_json_dict()))["schema"] == MODEL_SCHEMA


def test_the_card_says_what_is_best_taken_for_unknown():
    assert "unknown" not in model_card(model_info())
    assert "below 62.5%" in model_card(replace(model_info(), unknown_threshold=0.625))


def test_the_card_names_the_litert_file_where_there_is_one():
    assert "`model.tflite`" in model_card(model_info())
    assert "`model.tflite`" not in model_card(model_info(), has_litert=False)
