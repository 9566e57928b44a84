import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from core.backbones.backbone import BackboneInfo
from core.data.dataset import Dataset, Finding, FindingKind, ImageSource, LabeledImage
from core.data.edits.image_table import ImageTable
from core.evaluation.measured_figures import figures_to_json_dict
from core.export.formats.onnx import ONNX
from core.export_spec.artifact import ArtifactResult, Verdict
from core.export_spec.export_format import ExportTarget
from core.messages.event_json import event_to_json_dict
from core.messages.events import (
    TERMINAL,
    BackboneImported,
    BatchFinished,
    DatasetSplit,
    DeviceReported,
    EpochFinished,
    Event,
    ImagesChecked,
    ImagesCounted,
    ImagesFound,
    ImageSkipped,
    LearningRateFound,
    LearningRateTried,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    ProvisionalAccuracy,
    RequestCancelled,
    RequestFailed,
    RunPaused,
    RunResumed,
    RunStarted,
    SpeedMeasured,
    TrainingCancelled,
    TrainingFinished,
    Warned,
)
from core.messages.export_events import ArtifactFinished, ArtifactStarted, ExportFinished
from core.text import Text
from tests.measured import measured

ODD = Path("/pictures/caf\udce9 \U0001f33b.jpg")  # with a byte that is no UTF-8
INFO = BackboneInfo(
    name="n", title="t", handle="h", family="f", input_size=(2, 3), feature_dim=4, parameters=5
)
TABLE = ImageTable.from_dataset(Dataset(("a",), (LabeledImage(ODD, 0),), ()))
FINDINGS = (Finding(ODD, FindingKind.UNREADABLE, "d"), Finding(None, FindingKind.TOO_FEW, "e"))
TARGET = ExportTarget(ONNX)
ARTIFACT = ArtifactResult(
    target=TARGET, path=ODD, folder=ODD.parent, verdict=Verdict.PASSED, notes=("n",)
)
EVENTS = {
    "run_started": RunStarted(Path("r")),
    "phase_started": PhaseStarted(Phase.SCANNING),
    "phase_progressed": PhaseProgressed(Phase.TRAINING, 1, 2, 3.0),
    "image_skipped": ImageSkipped(ODD, "is empty"),
    "warned": Warned("w"),
    "provisional_accuracy": ProvisionalAccuracy(1000, 0.9, (0.88, 0.92)),
    "dataset_split": DatasetSplit(("a", "b"), 1, 2, 3, 4),
    "batch_finished": BatchFinished(1, 2, 3, 0.5, 0.5),
    "epoch_finished": EpochFinished(1, 2, 0.1, 0.2, 0.3, 0.4, 0.5, True, 0.6),
    "run_paused": RunPaused(),
    "run_resumed": RunResumed(),
    "training_finished": TrainingFinished(Path("r"), Path("m"), 1.0, None, None, 3, 2, 1.5),
    "training_cancelled": TrainingCancelled(Path("r"), None, 0),
    "training_failed": RequestFailed("m", is_run=True),
    "backbone_imported": BackboneImported(INFO),
    "device_reported": DeviceReported("NVIDIA H100", 1, 2),
    "learning_rate_tried": LearningRateTried(1e-4, 0.5, 0.6),
    "learning_rate_found": LearningRateFound(1e-3),
    "speed_measured": SpeedMeasured("b", 100.0, None),
    "request_cancelled": RequestCancelled(),
    "pictures_found": ImagesFound(TABLE, FINDINGS, ((ImageSource(ODD, "l"), "m"),)),
    "pictures_checked": ImagesChecked(FINDINGS),
    "pictures_counted": ImagesCounted(2, 1420),
    "artifact_started": ArtifactStarted(TARGET, 1, 2),
    "artifact_finished": ArtifactFinished(ARTIFACT),
    "export_finished": ExportFinished(ODD, (ARTIFACT, ArtifactResult(target=TARGET, error="e"))),
    "request_failed": RequestFailed("m"),
}


def test_every_phase_has_its_published_name_and_words_of_its_own():
    assert [str(phase) for phase in Phase] == [
        "scanning",
        "preparing_backbone",
        "extracting_features",
        "training",
        "fine_tuning",
        "evaluating",
        "saving",
        "checking",
        "downloading",
        "finding_learning_rate",
        "measuring_speed",
        "reading_pictures",
        "converting",
        "verifying",
    ]
    assert all(phase.text and phase.unit for phase in Phase)
    assert len({phase.text for phase in Phase}) == len(Phase)
    assert all(isinstance(text, Text) for phase in Phase for text in (phase.text, phase.unit))
    assert all(pickle.loads(pickle.dumps(phase)) is phase for phase in Phase)
    assert json.dumps(list(Phase)[:1]) == '["scanning"]'


def test_a_message_can_be_translated_on_the_other_side_of_a_pipe():
    event = pickle.loads(pickle.dumps(Warned(Text("%1 is empty", "a.jpg"))))
    assert (event.message.source, event.message.arguments) == ("%1 is empty", ("a.jpg",))
    assert json.dumps(event_to_json_dict(event)) == (
        '{"event": "warned", "message": "a.jpg is empty"}'
    )


def test_every_event_is_tried_here():
    assert {type(event) for event in EVENTS.values()} == set(get_args(Event))


@pytest.mark.parametrize("name", EVENTS)
def test_json_lines_carry_the_events_name_and_all_its_values(name):
    content = event_to_json_dict(EVENTS[name])
    assert content.pop("event") == name
    expected = [field for field in EVENTS[name].__dataclass_fields__ if field != "is_run"]
    if "figures" in expected:  # whose keys stand beside the others
        expected.remove("figures")
        expected += figures_to_json_dict(None)
    published = {
        "images_per_s": "pictures_per_s",
        "fine_tuning_images_per_s": "fine_tuning_pictures_per_s",
        "num_images": "num_pictures",
    }
    assert list(content) == [published.get(key, key) for key in expected]
    assert json.loads(json.dumps(content, allow_nan=False)) is not None


@pytest.mark.parametrize("name", sorted(EVENTS.keys() - {"pictures_found"}))
def test_events_go_through_a_pipe_unchanged(name):
    assert pickle.loads(pickle.dumps(EVENTS[name])) == EVENTS[name]


def test_a_table_goes_through_a_pipe_unchanged():
    event = EVENTS["pictures_found"]
    assert isinstance(event, ImagesFound)
    received = pickle.loads(pickle.dumps(event))
    assert received.table.same_as(event.table)
    assert (received.findings, received.failed) == (event.findings, event.failed)


def test_found_images_are_told_by_their_number():
    content = event_to_json_dict(EVENTS["pictures_found"])
    assert content["table"] == {"labels": ("a",), "num_pictures": 1}
    assert content["findings"][0] == {"path": str(ODD), "kind": "unreadable", "detail": "d"}
    assert content["failed"] == [[{"path": str(ODD), "label": "l"}, "m"]]


def test_paths_that_are_no_text_come_back_from_json():
    line = json.dumps(event_to_json_dict(EVENTS["image_skipped"]))
    assert line.isascii()
    assert Path(json.loads(line)["path"]) == ODD


def test_the_result_has_the_published_keys():
    published = {"event", "run_dir", "model_dir", "val_accuracy", "test_accuracy", "epochs"}
    published |= {"best_epoch", "seconds"}
    published |= {"balanced_accuracy", "majority_accuracy", "per_class", "measured_on"}
    assert published <= set(event_to_json_dict(EVENTS["training_finished"]))


@pytest.mark.parametrize("name", ["training_finished", "training_cancelled"])
def test_figures_go_through_a_pipe_and_are_told_with_the_result(name):
    event = replace(EVENTS[name], figures=measured([[3, 1], [0, 0]], (9, 1)))
    assert pickle.loads(pickle.dumps(event)) == event
    content = event_to_json_dict(event)
    assert content["balanced_accuracy"] == 0.75
    assert content["per_class"]["b"]["recall"] is None
    assert content["measured_on"] == "test"
    json.dumps(content, allow_nan=False)


def test_what_ends_a_run_is_terminal_and_nothing_else():
    names = {name for name, event in EVENTS.items() if isinstance(event, TERMINAL)}
    assert names == {
        "training_finished",
        "training_cancelled",
        "training_failed",
        "backbone_imported",
        "learning_rate_found",
        "speed_measured",
        "request_cancelled",
        "pictures_checked",
        "pictures_counted",
        "export_finished",
        "request_failed",
    }
