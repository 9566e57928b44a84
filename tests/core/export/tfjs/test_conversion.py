"""Conversions that can't be made, and the folder that the converter comes in."""

import base64
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import ExportError
from core.export.tfjs.conversion import TfjsRequest, convert_to_tfjs
from core.export.tfjs.environment import (
    HOME_VARIABLE,
    LIBRARIES,
    LICENCE,
    TfjsEnvironment,
    find_environment,
    node_problem,
)
from core.messages.control import Command, RunControl, StopRequestedError
from tests.small_disk import SmallDisk

Save = Callable[[Callable[[Any], Any]], Path]
slow = pytest.mark.slow


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves a model whose probabilities are a function of its images."""

    def save(compute: Callable[[Any], Any]) -> Path:
        import tensorflow as tf

        module = tf.Module()
        module.kernel = tf.Variable(tf.random.stateless_normal([3, 1_000_000], [1, 2]))
        spec = tf.TensorSpec([None, 8, 8, 3], tf.float32, name="images")

        @tf.function(input_signature=[spec], autograph=False)
        def classify(images: Any) -> dict[str, Any]:
            features = tf.reduce_mean(compute(images), [1, 2]) @ module.kernel
            return {"probabilities": tf.nn.softmax(features)}

        tf.saved_model.save(module, tmp_path / "model", signatures={"serving_default": classify})
        return tmp_path / "model"

    return save


@pytest.fixture
def request_of(environment: TfjsEnvironment, tmp_path: Path) -> Callable[..., TfjsRequest]:
    def request(saved_model: Path, **changes: Any) -> TfjsRequest:
        (tmp_path / "work").mkdir()
        values = {
            "saved_model": saved_model,
            "output": tmp_path / "tfjs_model",
            "work": tmp_path / "work",
            "converter": environment.converter,
            "metadata": {},
        }
        return TfjsRequest(**(values | changes))

    return request


def left_over(request: TfjsRequest) -> list[Path]:
    return [*request.work.iterdir(), *([request.output] if request.output.exists() else [])]


@slow
def test_a_model_is_converted_and_nothing_else_is_left(save: Save, request_of):
    request = request_of(save(lambda images: images))
    assert convert_to_tfjs(request, RunControl()) == {"tensorflowjs": "4.22.0"}
    assert left_over(request) == [request.output]
    assert (request.output / "model.json").is_file()


@slow
@pytest.mark.parametrize(("activation", "is_joined"), [("relu6", True), ("hard_swish", False)])
def test_activations_are_joined_to_convolutions_only_where_tensorflow_js_can_compute_them(
    save: Save, request_of, activation: str, is_joined: bool
):
    import tensorflow as tf

    def compute(images: Any) -> Any:
        kernel = tf.constant(0.1, shape=[3, 3, 3, 3])
        found = tf.nn.bias_add(tf.nn.conv2d(images, kernel, 1, "SAME"), tf.constant([1.0, 2, 3]))
        if activation == "relu6":
            return tf.nn.relu6(found)
        return found * tf.nn.relu6(found + 3) * (1 / 6)

    request = request_of(save(compute))
    convert_to_tfjs(request, RunControl())
    content = json.loads((request.output / "model.json").read_text())
    joined = [
        base64.b64decode(name).decode()
        for node in content["modelTopology"]["node"]
        for name in node.get("attr", {}).get("fused_ops", {}).get("list", {}).get("s", [])
    ]
    assert joined == (["BiasAdd", "Relu6"] if is_joined else [])


@slow
def test_an_operation_that_tensorflow_js_lacks_is_named(save: Save, request_of):
    import tensorflow as tf

    request = request_of(save(lambda images: tf.math.igamma(images + 1, images + 1)))
    with pytest.raises(ExportError, match=r"can't be converted to TensorFlow\.js: .*Igamma.*ONNX"):
        convert_to_tfjs(request, RunControl())
    assert left_over(request) == []


@slow
def test_a_full_disk_is_the_systems_error(save: Save, request_of, small_disk: SmallDisk):
    request = request_of(save(lambda images: images), output=small_disk.path / "tfjs_model")
    with pytest.raises(OSError, match="No space left on device"):
        convert_to_tfjs(request, RunControl())
    assert left_over(request) == []


@slow
def test_a_stop_ends_the_conversion(save: Save, request_of):
    request = request_of(save(lambda images: images))
    control = RunControl()
    timer = threading.Timer(0.5, control.obey, [Command.STOP])
    timer.start()
    with pytest.raises(StopRequestedError):
        convert_to_tfjs(request, control)
    timer.join()
    assert left_over(request) == []


def test_a_converter_that_is_no_converter_is_a_sentence(request_of, tmp_path: Path):
    request = request_of(tmp_path, converter=tmp_path)
    with pytest.raises(ExportError, match="No module named 'tensorflowjs"):
        convert_to_tfjs(request, RunControl())


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with empty files."""
    folder = tmp_path / "environment"
    (folder / "python" / "tensorflowjs").mkdir(parents=True)
    (folder / "javascript").mkdir()
    for name in (*LIBRARIES, LICENCE):
        (folder / "javascript" / name).touch()
    (folder / ".made_from").touch()
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    return folder


def test_an_environment_is_found_where_the_variable_says(made: Path):
    assert find_environment() == TfjsEnvironment(made / "python", made / "javascript")


def test_one_that_is_missing_or_half_made_says_how_to_make_it(made: Path):
    (made / ".made_from").unlink()
    with pytest.raises(ExportError, match=rf"isn't installed in {made}.* make tfjs\."):
        find_environment()


@pytest.mark.parametrize("name", ["python/tensorflowjs", "javascript/tf.min.js"])
def test_one_that_lost_something_says_what(made: Path, name: str):
    path = made / name
    path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(ExportError, match=rf"lacks {path}\. Remove the folder {made} "):
        find_environment()


def fake_node(folder: Path, says: str) -> None:
    (folder / "node").write_text(f"#!/bin/sh\n{says}\n")
    (folder / "node").chmod(0o755)


@pytest.mark.parametrize(
    ("says", "problem"),
    [
        (None, "no Node.js on PATH"),
        ("echo v16.20.0", "“v16.20.0”, and Node.js 18 or later is needed"),
        ("exit 1", "“”, and Node.js 18 or later"),
        ("echo v18.0.0", ""),
        ("echo v24.1.0", ""),
    ],
)
def test_node_is_missing_too_old_or_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str | None, problem: str
):
    if says is not None:
        fake_node(tmp_path, says)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = node_problem()
    assert (found is None) == (problem == "")
    assert problem in (found or "")
