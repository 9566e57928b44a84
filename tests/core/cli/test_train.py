from dataclasses import fields, replace
from pathlib import Path

import pytest

from core.cli.main import main
from core.data.dataset import ImageSource
from core.library.library import entries
from core.messages.requests import ResumeRequest, TrainRequest
from core.project.project import Project
from core.project.project_file import write_project
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.settings.presets import Preset, apply_preset


@pytest.fixture
def asked(monkeypatch):
    """What the worker was asked for; nothing is trained."""
    requests = []

    def note(request, *, as_json, on_begun=None):
        requests.append((request, as_json))
        return 0

    # The commands import it when they need it.
    monkeypatch.setattr("core.cli.run_display.follow_run", note)
    return requests


def test_defaults_are_those_of_the_configuration(asked):
    assert main(["train", "pictures"]) == 0
    expected = TrainRequest(
        sources=(ImageSource(Path("pictures")),),
        config=TrainConfig(),
        runs=entries()[0].runs_dir,
    )
    assert asked == [(expected, False)]


def test_every_setting_has_its_option(asked):
    values = {
        "backbone": "b",
        "second_backbone": "c",
        "resize_mode": "pad",
        "features": "last",
        "image_size": 260,
        "epochs": 2,
        "batch_size": 3,
        "learning_rate": 0.5,
        "optimizer": "sgd",
        "schedule": "constant",
        "dropout": 0.4,
        "l2": 0.1,
        "label_smoothing": 0.05,
        "hidden_units": 6,
        "class_weights": "balanced",
        "clip_norm": 1.0,
        "ema_decay": 0.9,
        "fine_tune": True,
        "fine_tune_epochs": 3,
        "fine_tune_learning_rate": 1e-4,
        "fine_tune_fraction": 0.5,
        "train_batch_norm": True,
        "weight_decay": 1e-4,
        "mixed_precision": False,
        "flip": "both",
        "rotation": 10.0,
        "zoom": 0.1,
        "shift": 0.2,
        "crop": 0.3,
        "brightness": 0.1,
        "contrast": 0.2,
        "saturation": 0.3,
        "cutout": 0.4,
        "mixup": 0.5,
        "augmented_versions": 2,
        "validation_split": 0.3,
        "test_split": 0.0,
        "images_per_class": 20,
        "early_stopping_patience": 0,
        "device": "cpu",
        "seed": 9,
    }
    chosen = TrainConfig.from_json_dict(values)
    options = []
    for field in fields(TrainConfig):
        value = getattr(chosen, field.name)
        assert value != field.default, f"{field.name} is not tried here"
        option = field.name.replace("_", "-")
        if isinstance(value, bool):
            options += [f"--{option}" if value else f"--no-{option}"]
        else:
            options += [f"--{option}", str(value)]
    assert main(["train", "p", "--output", "o", "--json", *options]) == 0
    ((request, as_json),) = asked
    assert request.config == chosen
    assert isinstance(request.config.optimizer, Optimizer)
    assert request.output == Path("o")
    assert as_json


def test_classes_may_be_named_image_by_image(asked):
    main(["train", "--class", "cat", "a.jpg", "b.jpg", "--class", "dog", "dogs"])
    ((request, _),) = asked
    assert request.sources == (
        ImageSource(Path("a.jpg"), "cat"),
        ImageSource(Path("b.jpg"), "cat"),
        ImageSource(Path("dogs"), "dog"),
    )


def test_a_folder_that_begins_with_a_dash_is_named_after_two(asked):
    main(["train", "--", "-pictures"])
    assert asked[0][0].sources == (ImageSource(Path("-pictures")),)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["p", "--epochs", "0"],
        ["p", "--epochs", "1.5"],
        ["p", "--epochs", "many"],
        ["p", "--batch-size", "0"],
        ["p", "--learning-rate", "0"],
        ["p", "--learning-rate", "nan"],
        ["p", "--learning-rate", "-1"],
        ["p", "--dropout", "1.5"],
        ["p", "--dropout", "1"],
        ["p", "--dropout", "nan"],
        ["p", "--l2", "-1"],
        ["p", "--l2", "inf"],
        ["p", "--label-smoothing", "1"],
        ["p", "--hidden-units", "-1"],
        ["p", "--validation-split", "0"],
        ["p", "--validation-split", "0.6", "--test-split", "0.5"],
        ["p", "--test-split", "-0.1"],
        ["p", "--early-stopping-patience", "-1"],
        ["p", "--seed", "-1"],
        ["p", "--seed", "99999999999999999999"],
        ["p", "--optimizer", "magic"],
        ["p", "--resize-mode", "stretch"],
        ["p", "--schedule", "linear"],
        ["p", "--class-weights", "some"],
        ["p", "--backbone", " "],
        ["--class", "cat"],
        ["p", "--no-such-option"],
    ],
    ids=" ".join,
)
def test_a_call_that_makes_no_sense_is_refused_with_2(asked, capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        main(["train", *arguments])
    assert ended.value.code == 2
    assert ": error: " in capsys.readouterr().err
    assert not asked


def test_splits_that_leave_nothing_are_told_by_their_options(asked, capsys):
    with pytest.raises(SystemExit):
        main(["train", "p", "--validation-split", "0.6", "--test-split", "0.5"])
    fault = "--validation-split and --test-split must leave pictures to train on. Received: 0.6"
    assert fault in capsys.readouterr().err


DEFAULT_TEXTS = {"": "none", "True": "on", "False": "off", "1e-05": "0.00001"}


def test_help_tells_every_default(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", "--help"])
    assert ended.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for field in fields(TrainConfig):
        assert "--" + field.name.replace("_", "-") in text
        assert f"(default: {DEFAULT_TEXTS.get(str(field.default), field.default)})" in text


def test_resume_names_its_run(asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("some run").mkdir()
    assert main(["resume", "some run", "--json"]) == 0
    assert asked == [(ResumeRequest(run_dir=Path("some run")), True)]


def test_resume_without_a_run_is_refused_with_2(asked):
    with pytest.raises(SystemExit) as ended:
        main(["resume"])
    assert ended.value.code == 2


def test_a_preset_holds_where_no_option_says_otherwise(asked):
    assert main(["train", "pictures", "--preset", "thorough", "--epochs", "3", "--seed", "4"]) == 0
    [(request, _)] = asked
    thorough = apply_preset(Preset.THOROUGH, TrainConfig())
    assert request.config == replace(thorough, epochs=3, seed=4)


def test_a_projects_settings_give_way_to_a_preset_where_it_has_any(asked, tmp_path):
    project = tmp_path / "own.fieldguide"
    config = TrainConfig(epochs=7, learning_rate=0.5, seed=9, backbone="mine")
    write_project(project, Project(sources=(ImageSource(tmp_path),), config=config))
    assert main(["train", str(project), "--preset", "quick"]) == 0
    [(request, _)] = asked
    quick = apply_preset(Preset.QUICK, TrainConfig())
    assert request.config == replace(quick, seed=9, backbone="mine")


def test_options_of_fine_tuning_without_it_are_told(asked, capsys):
    assert main(["train", "p", "--fine-tune-fraction", "0.5", "--weight-decay", "0.1"]) == 0
    assert "--fine-tune-fraction, --weight-decay has no effect without --fine-tune" in (
        capsys.readouterr().err
    )
    assert main(["train", "p", "--no-mixed-precision"]) == 0
    assert "--no-mixed-precision has no effect without --fine-tune" in capsys.readouterr().err
    assert main(["train", "p", "--fine-tune", "--fine-tune-fraction", "0.5"]) == 0
    assert capsys.readouterr().err == ""


def test_options_of_steps_are_told_where_none_are_taken(asked, capsys):
    def note(*options):
        assert main(["train", "p", *options]) == 0
        return capsys.readouterr().err

    told = "--batch-size, --learning-rate has no effect on an exact fit"
    steps = ["--learning-rate", "0.1", "--batch-size", "8"]
    assert told in note(*steps)
    assert "--learning-rate has no effect on an exact fit" in note(*steps, "--fine-tune")
    assert "--batch-size" not in note(*steps, "--fine-tune")
    assert note(*steps, "--optimizer", "adam") == ""
    assert note(*steps, "--preset", "quick") == ""
    assert note(*steps, "--hidden-units", "8") == ""


def test_batch_norm_that_stays_as_it_is_is_told(asked, capsys):
    options = ["train", "p", "--fine-tune", "--train-batch-norm"]
    assert main(options) == 0
    assert "Note: Batch normalisation keeps its averages" in capsys.readouterr().err
    assert main([*options, "--features", "last"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ("efficientnet-lite0",)),
        (["--backbone", "a"], ("a",)),
        (["--backbone", "a", "--backbone", "b"], ("a", "b")),
        (["--backbone", "a", "--second-backbone", "b"], ("a", "b")),
        (["--second-backbone", "b"], ("efficientnet-lite0", "b")),
        (["--preset", "accurate"], ("efficientnet-lite0", "efficientnet-lite2")),
        (["--preset", "accurate", "--second-backbone", ""], ("efficientnet-lite0",)),
    ],
)
def test_one_backbone_or_two(asked, capsys, options, expected):
    assert main(["train", "p", *options]) == 0
    assert asked[0][0].config.backbones == expected
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ("mine", "other")),
        (["--backbone", "a"], ("a", "other")),
        (["--backbone", "a", "--backbone", "b"], ("a", "b")),
        (["--second-backbone", "b"], ("mine", "b")),
        (["--second-backbone", ""], ("mine",)),
        (["--preset", "balanced"], ("mine",)),
    ],
)
def test_options_replace_one_or_both_backbones_of_a_project(asked, tmp_path, options, expected):
    project = tmp_path / "own.fieldguide"
    config = TrainConfig(backbone="mine", second_backbone="other")
    write_project(project, Project(sources=(ImageSource(tmp_path),), config=config))
    assert main(["train", str(project), *options]) == 0
    assert asked[0][0].config.backbones == expected


@pytest.mark.parametrize("setting", ["backbone", "second_backbone"])
def test_a_projects_own_address_is_refused_for_either_backbone(asked, capsys, tmp_path, setting):
    project = tmp_path / "own.fieldguide"
    address = "https://hub.example/own"
    config = TrainConfig(**{setting: address})
    write_project(project, Project(sources=(ImageSource(tmp_path),), config=config))
    assert main(["train", str(project)]) == 1
    assert f"The project uses the backbone {address}" in capsys.readouterr().err
    assert not asked
    option = "--" + setting.replace("_", "-")
    assert main(["train", str(project), option, "mine"]) == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--backbone", "a", "--backbone", "b", "--backbone", "c"],
        ["--backbone", "a", "--backbone", "b", "--second-backbone", "c"],
    ],
)
def test_three_backbones_are_refused(asked, capsys, options):
    with pytest.raises(SystemExit) as ended:
        main(["train", "p", *options])
    assert ended.value.code == 2
    assert "backbone" in capsys.readouterr().err.splitlines()[-1]
    assert not asked


def test_the_same_backbone_twice_is_told(asked, capsys):
    assert main(["train", "p", "--backbone", "a", "--backbone", "a"]) == 0
    assert asked[0][0].config.backbones == ("a",)
    assert "Note: The second backbone has no effect" in capsys.readouterr().err


def test_trust_is_of_this_call_and_no_setting(asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("run").mkdir()
    assert main(["train", "pictures", "--trust"]) == 0
    assert main(["resume", "run", "--trust"]) == 0
    assert main(["resume", "run"]) == 0
    requests = [request for request, _ in asked]
    assert requests[0] == TrainRequest(
        sources=(ImageSource(Path("pictures")),),
        config=TrainConfig(),
        runs=entries()[0].runs_dir,
        trust=True,
    )
    assert requests[1:] == [
        ResumeRequest(run_dir=Path("run"), trust=True),
        ResumeRequest(run_dir=Path("run")),
    ]
