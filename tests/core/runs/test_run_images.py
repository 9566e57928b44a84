from pathlib import Path

import pytest

from core.data.dataset import Split
from core.data.pixels.decoder import Decoding
from core.errors import RunError, StorageError
from core.runs.run_images import (
    RunImage,
    count_training_images,
    read_run_decoding,
    read_run_images,
    write_run_images,
)

LABELS = ("a b", "-dash", "line\nbreak", "名前\u2028", "byte \udce9", "'\"\\")
IMAGES = [
    RunImage(Path(f"/pictures/{label}/{split}.jpg"), index, split, bytes([index]) * 32)
    for index, label in enumerate(LABELS)
    for split in Split
]


def test_labels_and_images_come_back_in_order(tmp_path):
    write_run_images(tmp_path / "images.jsonl", LABELS, IMAGES)
    assert read_run_images(tmp_path / "images.jsonl") == (LABELS, IMAGES)


def test_how_images_were_decoded_comes_back(tmp_path):
    path = tmp_path / "images.jsonl"
    write_run_images(path, LABELS, IMAGES, Decoding(2, 12))
    assert read_run_decoding(path) == Decoding(2, 12)
    assert read_run_images(path) == (LABELS, IMAGES)


def test_a_record_that_says_nothing_of_it_is_of_the_first_decoder(tmp_path):
    (tmp_path / "images.jsonl").write_text('{"schema": 1, "labels": ["a"]}\n')
    assert read_run_decoding(tmp_path / "images.jsonl") == Decoding(1, None)


@pytest.mark.parametrize(
    "values", ['"decoder": "x"', '"decoder": 2, "sample_bits": 99', '"decoder": 0']
)
def test_a_decoding_that_nobody_wrote_is_refused(tmp_path, values):
    (tmp_path / "images.jsonl").write_text(f'{{"schema": 1, "labels": ["a"], {values}}}\n')
    with pytest.raises(RunError, match=r"images\.jsonl can't be used"):
        read_run_decoding(tmp_path / "images.jsonl")


def test_every_image_has_a_line_of_its_own(tmp_path):
    write_run_images(tmp_path / "images.jsonl", LABELS, IMAGES)
    assert len((tmp_path / "images.jsonl").read_bytes().split(b"\n")) == len(IMAGES) + 2


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]\n",
        '{"schema": 1}\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "training"]\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "training", "xy"]\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "exam", "00"]\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 0, "train',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 1, "training", "00"]\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", -1, "training", "00"]\n',
        '{"schema": 1, "labels": ["a"]}\n["/p.jpg", 1e999, "training", "00"]\n',
        '{"schema": 1, "labels": ["a"]}\n' + "[" * 100_000,
        "\x00\x00",
    ],
)
def test_a_damaged_file_is_named(tmp_path, content):
    path = tmp_path / "images.jsonl"
    path.write_text(content)
    with pytest.raises(RunError, match=r"images\.jsonl can't be used.*Start a new training"):
        read_run_images(path)


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(RunError, match=r"images\.jsonl"):
        read_run_images(tmp_path / "images.jsonl")


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file/images"):
        write_run_images(tmp_path / "file" / "images.jsonl", LABELS, IMAGES)


def test_training_images_are_counted_by_class():
    images = [
        RunImage(Path("/p"), index, split, bytes(32))
        for index, split in (
            (1, Split.TRAINING),
            (1, Split.TRAINING),
            (0, Split.TRAINING),
            (0, Split.TEST),
            (2, Split.VALIDATION),
        )
    ]
    assert count_training_images(images, 3) == (1, 2, 0)
