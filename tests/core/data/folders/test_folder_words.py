import pytest

from core.data.dataset import Split
from core.data.folders.folder_words import (
    are_splits_only,
    is_images_name,
    is_part_name,
    split_words,
    splits_by_name,
)


@pytest.mark.parametrize(
    "name",
    [
        *("batch1", "Batch 2", "batch_c", "part-3", "fold0", "mysplit1", "set 2", "images_A"),
        *("2021", "2021-05-17", "7", "May 2021", "camera", "camera 2", "cam1", "session_04"),
        *("train", "my train", "dev", "eval_2"),
    ],
)
def test_names_of_parts(name):
    assert is_part_name(name)


@pytest.mark.parametrize("name", ["car", "car1", "a", "images", "cat photos", "trainers", ""])
def test_names_of_no_parts(name):
    assert not is_part_name(name)


def test_names_that_say_nothing_but_images():
    assert all(map(is_images_name, ("images", "train_images", "HAM10000_images_part_1", "batch 1")))
    assert not any(map(is_images_name, ("rose", "7", "2021", "")))


def test_words_of_splits_count_if_every_name_has_one():
    found = {"set for train": Split.TRAINING, "my test": Split.TEST}
    assert split_words(found) == found
    assert split_words(["my train", "my test", "more"]) == {}
    assert split_words(["train a", "train b"]) == {}
    assert split_words(["train or test", "val"]) == {}


@pytest.mark.parametrize(("name", "split"), [("dev", "validation"), ("eval", "validation")])
def test_more_words_for_splits(name, split):
    assert splits_by_name(["train", name])[name] == split


def test_classes_named_like_splits_are_none_unless_the_user_named_them():
    assert are_splits_only(["train", "test"])
    assert are_splits_only(["train", "test"], {"train"})
    assert not are_splits_only(["train", "test"], {"train", "test"})
    assert not are_splits_only(["train", "bus"])
    assert not are_splits_only(["train"])
