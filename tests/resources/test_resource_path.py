import ast
from pathlib import Path

import pytest

import resources
from resources import resource_path


def test_carried_file_is_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert resource_path("backbones", "efficientnet_lite0", "model.tflite").is_file()


def test_missing_file_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing_here\.txt is missing: install"):
        resource_path("nothing_here.txt")


def test_resources_imports_nothing_of_the_program() -> None:
    source = Path(str(resources.__file__)).read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    assert {node.module for node in imports} == {"importlib.resources", "pathlib"}


def test_imagenet_labels_are_a_thousand_different_names_in_keras_order() -> None:
    labels = resource_path("imagenet_labels.txt").read_text(encoding="utf-8").splitlines()
    assert len(labels) == len(set(labels)) == 1000
    assert all(label == label.strip() and label for label in labels)
    assert (labels[0], labels[281], labels[967], labels[999]) == (
        "tench",
        "tabby cat",
        "espresso",
        "toilet paper",
    )


def test_origin_of_everything_carried_is_told() -> None:
    text = resource_path("LICENSES.md").read_text(encoding="utf-8")
    for name in ("backbones/efficientnet_lite0", "imagenet_labels.txt", "sample/"):
        assert f"## `{name}" in text
