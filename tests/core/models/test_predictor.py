"""One image to probabilities, and what is said of model folders that are not whole."""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.pixels.decoder import ResizeMode
from core.errors import ImageError, ModelError
from core.litert.graph import LitertGraph
from core.models.model_info import LITERT_FILE, MODEL_FILE
from core.models.predictor import (
    Predictor,
    imagenet_classifier,
    top_classes,
    trained_classifier,
)
from tests.models import LABELS, PHOTO_NAMES, PHOTOS, random_layers, write_model
from tests.odd_images import make_odd_images


@pytest.fixture(scope="module")
def whole_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def model(whole_model: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return shutil.copytree(whole_model, tmp_path / "model")


def change_info(model: Path, **changes: object) -> None:
    path = model / MODEL_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def named(probabilities: np.ndarray, labels: tuple[str, ...] = LABELS) -> str:
    return top_classes(probabilities, labels, 1)[0][0]


def test_photos_get_their_names(whole_model: Path) -> None:
    predictor = Predictor(trained_classifier(whole_model))
    for photo, label in zip(PHOTO_NAMES, LABELS, strict=True):
        probabilities = predictor.classify_file(PHOTOS / photo)
        assert named(probabilities) == label
        assert probabilities.shape == (3,)
        assert probabilities.dtype == np.float32
        assert probabilities.sum() == pytest.approx(1, abs=1e-6)


def test_number_of_threads_changes_nothing(whole_model: Path) -> None:
    spec = trained_classifier(whole_model)
    one, two = (
        Predictor(spec, num_threads=count).classify_file(PHOTOS / "cat.jpg") for count in (1, 2)
    )
    np.testing.assert_allclose(one, two, atol=1e-6)


def test_answers_stay_as_they_are_when_the_next_image_comes(whole_model: Path) -> None:
    predictor = Predictor(trained_classifier(whole_model))
    first = predictor.classify_file(PHOTOS / "cat.jpg")
    kept = first.copy()
    predictor.classify_file(PHOTOS / "rocket.jpg")
    assert np.array_equal(first, kept)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_turned_copy_gets_the_answer_of_the_upright_one(
    whole_model: Path, tmp_path: Path, orientation: int
) -> None:
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}
    exif = Image.Exif()
    exif[0x0112] = orientation
    with Image.open(PHOTOS / "cat.jpg") as upright:
        upright.save(tmp_path / "upright.png")
        stored = upright.transpose(turns.get(orientation, Image.Transpose.ROTATE_270))
    stored.save(tmp_path / "turned.png", exif=exif)
    predictor = Predictor(trained_classifier(whole_model))
    upright_answer, turned_answer = (
        predictor.classify_file(tmp_path / name) for name in ("upright.png", "turned.png")
    )
    assert np.array_equal(upright_answer, turned_answer)


@pytest.mark.parametrize(
    ("photo", "word"), [("cat.jpg", "cat"), ("coffee.jpg", "espresso"), ("rocket.jpg", "missile")]
)
def test_imagenet_knows_the_photos(photo: str, word: str) -> None:
    spec = imagenet_classifier()
    probabilities = Predictor(spec).classify_file(PHOTOS / photo)
    answers = json.loads((PHOTOS / "answers.json").read_text(encoding="utf-8"))["pictures"][photo]
    assert len(spec.labels) == 1000
    assert word in " ".join(label for label, _ in top_classes(probabilities, spec.labels, 5))
    assert int(probabilities.argmax()) == answers["top5_classes"][0]
    np.testing.assert_allclose(
        probabilities[answers["top5_classes"]], answers["top5_probabilities"], atol=0.02
    )


def test_fit_of_the_model_is_used(whole_model: Path, tmp_path: Path) -> None:
    wide = Image.new("RGB", (600, 200), (255, 0, 0))
    wide.paste((0, 0, 255), (180, 0, 420, 200))
    wide.save(tmp_path / "wide.png")
    Image.new("RGB", (200, 200), (0, 0, 255)).save(tmp_path / "middle.png")
    spec = replace(trained_classifier(whole_model), resize_mode=ResizeMode.CROP)
    wide_answer, middle_answer = (
        Predictor(spec).classify_file(tmp_path / name) for name in ("wide.png", "middle.png")
    )
    np.testing.assert_allclose(wide_answer, middle_answer, atol=1e-4)


def test_every_odd_image_is_classified_or_refused_with_its_reason(
    whole_model: Path, tmp_path: Path
) -> None:
    predictor = Predictor(trained_classifier(whole_model))
    for name, reason in make_odd_images(tmp_path).items():
        if reason is None:
            assert predictor.classify_file(tmp_path / name).shape == (3,)
        else:
            with pytest.raises(ImageError, match=reason):
                predictor.classify_file(tmp_path / name)


def test_top_classes_are_best_first_and_equal_ones_in_order() -> None:
    probabilities = np.array([0.1, 0.4, 0.1, 0.4], np.float32)
    best = top_classes(probabilities, ("a", "b", "c", "d"), 3)
    assert [label for label, _ in best] == ["b", "d", "a"]
    assert [type(probability) for _, probability in best] == [float] * 3
    assert len(top_classes(probabilities, ("a", "b", "c", "d"), 9)) == 4


@pytest.mark.parametrize("kind", ["empty", "garbage", "half", "page of zeros at the end"])
def test_damaged_litert_file_is_an_error_with_its_name(model: Path, kind: str) -> None:
    path = model / LITERT_FILE
    whole = path.read_bytes()
    damaged = {
        "empty": b"",
        "garbage": b"no model" * 100,
        "half": whole[: len(whole) // 2],
        "page of zeros at the end": whole[:-4096] + bytes(4096),
    }[kind]
    path.write_bytes(damaged)
    with pytest.raises(ModelError) as caught:
        Predictor(trained_classifier(model))
    assert str(path) in str(caught.value)


def hostile(content: bytes, kind: str) -> bytes:
    """A sound flatbuffer whose content is not what it should be."""
    graph = LitertGraph(content)
    parts, signature = graph._graph, graph._model.signatureDefs[0]
    match kind:
        case "no input":
            parts.inputs = np.array([], np.int32)
        case "no output":
            parts.outputs = np.array([], np.int32)
            signature.outputs = []
        case "output that is no tensor":
            signature.outputs[0].tensorIndex = 2**31
        case "nameless signature":
            signature.outputs[0].name = None
        case "operator on tensors that are not there":
            parts.operators[3].inputs = np.array([2**31 - 1, -7, 5], np.int32)
        case "operator of another kind":
            graph._model.operatorCodes[0].builtinCode = 60
        case "weights that are missing":
            for buffer in graph._model.buffers:
                buffer.data = None
        case "shape of terabytes":
            parts.tensors[int(parts.inputs[0])].shape = np.array([1, 2**20, 2**20, 3], np.int32)
        case "whole numbers":
            parts.tensors[int(parts.inputs[0])].type = 9  # int8
    return graph.to_bytes()


@pytest.mark.parametrize(
    "kind",
    [
        "no input",
        "no output",
        "output that is no tensor",
        "nameless signature",
        "operator on tensors that are not there",
        "operator of another kind",
        "weights that are missing",
        "shape of terabytes",
        "whole numbers",
    ],
)
def test_a_strangers_litert_file_is_one_clear_error(model: Path, kind: str) -> None:
    path = model / LITERT_FILE
    path.write_bytes(hostile(path.read_bytes(), kind))
    with pytest.raises(ModelError) as caught:
        Predictor(trained_classifier(model)).classify_file(PHOTOS / PHOTO_NAMES[0])
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_random_changes_of_a_litert_file_end_no_process(model: Path) -> None:
    path = model / LITERT_FILE
    whole, random = path.read_bytes(), np.random.default_rng(5)
    for _ in range(12):
        content = bytearray(whole)
        # The tables lie at both ends, the weights in between.
        for place in random.integers(0, 60_000, 8):
            content[-int(place) - 1] = int(random.integers(256))
        path.write_bytes(content)
        with suppress(ModelError):
            Predictor(trained_classifier(model)).classify_file(PHOTOS / PHOTO_NAMES[0])


def test_a_pipe_in_place_of_the_litert_file_is_not_waited_for(model: Path) -> None:
    (model / LITERT_FILE).unlink()
    os.mkfifo(model / LITERT_FILE)
    with pytest.raises(ModelError, match="holds no model"):
        trained_classifier(model)


def test_missing_litert_file_is_told_with_why_and_what_to_do(model: Path) -> None:
    (model / LITERT_FILE).unlink()
    with pytest.raises(ModelError, match=r"holds no model\.tflite") as caught:
        trained_classifier(model)
    assert "can't run" in str(caught.value)
    assert "efficientnet-lite0" in str(caught.value)
    assert "saved_model/" in str(caught.value)


def test_litert_file_that_goes_later_is_an_error_with_its_name(model: Path) -> None:
    spec = trained_classifier(model)
    (model / LITERT_FILE).unlink()
    with pytest.raises(ModelError, match=r"model\.tflite is missing or damaged"):
        Predictor(spec)


@pytest.mark.parametrize(
    "changes",
    [{"labels": ["cat", "coffee"]}, {"labels": list("abcd")}, {"input_size": [200, 224]}],
    ids=["fewer labels", "more labels", "other size"],
)
def test_description_of_another_model_is_refused(model: Path, changes: dict) -> None:
    change_info(model, **changes)
    with pytest.raises(ModelError, match=r"model\.tflite doesn't fit"):
        Predictor(trained_classifier(model))


def test_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model folder"):
        trained_classifier(tmp_path)


def test_many_classes(tmp_path: Path) -> None:
    labels = tuple(f"class {number}" for number in range(300))
    folder = write_model(tmp_path / "model", labels, layers=random_layers((8, 300)))
    spec = trained_classifier(folder)
    assert spec.labels == labels
    assert Predictor(spec).classify_file(PHOTOS / "cat.jpg").shape == (300,)
