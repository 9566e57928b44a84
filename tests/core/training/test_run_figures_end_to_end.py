"""A class that is rare: its accuracy looks good, and what is told beside it says otherwise."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.program import CHECKOUT, Json, Outcome, Program

pytestmark = pytest.mark.slow

COMMON, RARE = "common | [x]", "rare 名"
# More rare images than common ones in the test: the baseline is of the training.
COUNTS = {
    "train": {COMMON: 60, RARE: 6},
    "val": {COMMON: 12, RARE: 3},
    "test": {COMMON: 8, RARE: 10},
}
# What learns so little from noise that the rare class is not found.
SHALLOW = ("--features", "last", "--optimizer", "adam", "--epochs", "3")
WITHOUT_TEST = (*SHALLOW, "--validation-split", "0.3", "--test-split", "0")
KEYS = ("balanced_accuracy", "majority_accuracy", "per_class", "measured_on")


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise of one kind in both classes, so that only their sizes can be learned."""
    random = np.random.default_rng(0)
    folder = tmp_path_factory.mktemp("pictures")
    for split, counts in COUNTS.items():
        for label, count in counts.items():
            (folder / split / label).mkdir(parents=True)
            for number in range(count):
                blocks = random.integers(0, 256, (6, 6, 3), np.uint8)
                image = Image.fromarray(blocks).resize((60, 60), Image.Resampling.NEAREST)
                image.save(folder / split / label / f"{number}.png")
    return folder


@pytest.fixture(scope="module")
def uneven(program: Program, runs: Path, images: Path) -> Outcome:
    """A training on images that were divided beforehand."""
    outcome = program.train(images, *SHALLOW, "--output", runs / "uneven")
    assert outcome.code == 0, outcome
    return outcome


def by_hand(run_dir: Path, split: str) -> Json:
    """The figures of a split, reckoned anew from the run's two records."""
    header, *lines = map(json.loads, (run_dir / "predictions.jsonl").read_text().splitlines())
    labels = header["labels"]
    pairs = [(labels[true], labels[top[0][0]]) for _, true, where, top in lines if where == split]
    _, *images = map(json.loads, (run_dir / "images.jsonl").read_text().splitlines())
    trained = [labels[index] for _, index, where, _ in images if where == "training"]
    recalls, per_class = [], {}
    for label in labels:
        predicted = [named for true, named in pairs if true == label]
        correct = predicted.count(label)
        given = [named for _, named in pairs].count(label)
        recalls.append(correct / len(predicted))
        precision = correct / given if given else None
        f1 = 2 * correct / (given + len(predicted)) if given else None
        per_class[label] = {
            "precision": precision,
            "recall": recalls[-1],
            "f1": pytest.approx(f1),
            "num_images": len(predicted),
        }
    majority = max(labels, key=trained.count)
    return {
        "balanced_accuracy": pytest.approx(sum(recalls) / len(recalls)),
        "majority_accuracy": pytest.approx([t for t, _ in pairs].count(majority) / len(pairs)),
        "per_class": per_class,
        "measured_on": split,
    }


def printed(program: Program, *arguments: str | Path) -> str:
    """Standard output of a call, as a pipe gets it."""
    done = subprocess.run(
        [sys.executable, CHECKOUT / "main.py", *arguments],
        env=os.environ | {"FIELDGUIDE_HOME": str(program.home)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def test_the_result_is_what_the_records_say(uneven, runs):
    found = {key: uneven.last[key] for key in KEYS}
    assert found == by_hand(runs / "uneven", "test")
    assert found["majority_accuracy"] == 8 / 18
    assert found["per_class"][COMMON]["num_images"] == 8


def test_a_rare_class_that_is_not_found_shows_in_balanced_accuracy_alone(uneven):
    assert uneven.last["per_class"][RARE]["recall"] <= 0.2
    assert uneven.last["balanced_accuracy"] <= 0.6
    assert uneven.last["val_accuracy"] >= 0.7


def test_the_model_keeps_the_figures_and_the_training_counts(uneven, runs):
    model = runs / "uneven/model"
    info = json.loads((model / "model.json").read_text())
    assert dict(zip(info["labels"], info["training_counts"], strict=True)) == COUNTS["train"]
    assert sum(info["training_counts"]) == info["num_training"]
    told = by_hand(runs / "uneven", "test")["per_class"]
    assert dict(zip(info["labels"], info["test"]["per_class"], strict=True)) == told
    card = (model / "README.md").read_text(encoding="utf-8")
    assert r"accuracy of always answering “common \| \[x\]”" in card
    assert r"| common \| \[x\] | 8 |" in card


def test_evaluating_tells_the_same_of_the_same_images(program, uneven, runs, images):
    named = ("evaluate", "--model", runs / "uneven", images / "test")
    content = json.loads(printed(program, *named, "--json"))
    assert {key: content[key] for key in KEYS} == by_hand(runs / "uneven", "test")
    text = printed(program, *named)
    assert f"Balanced accuracy: {100 * content['balanced_accuracy']:.2f}%" in text
    assert "Majority baseline: 44.44%, by always answering “common | [x]”" in text


def test_without_a_test_split_the_figures_are_of_validation(program, runs, images):
    arguments = (images / "train", *WITHOUT_TEST)
    outcome = program.train(*arguments, "--output", runs / "untested")
    assert outcome.code == 0, outcome
    assert {key: outcome.last[key] for key in KEYS} == by_hand(runs / "untested", "validation")
    assert outcome.last["test_accuracy"] is None


def test_the_terminal_tells_them_and_warns_of_the_rare_class(program, runs, images):
    arguments = (images / "train", *WITHOUT_TEST)
    text = printed(program, "train", *arguments, "--output", runs / "untested in words")
    expected = by_hand(runs / "untested in words", "validation")
    count = expected["per_class"][RARE]["num_images"]
    assert "measured on validation, which also chose the epoch: slightly optimistic" in text
    assert "Majority baseline: " in text
    assert f"  {count}  {RARE}" in text
    assert f"Note: “{RARE}” has only {count} validation picture" in text
    assert "Model: " in text
