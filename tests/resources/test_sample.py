from pathlib import Path

from PIL import Image

from resources import resource_path

CLASSES = {"brick", "grass", "gravel"}


def images() -> list[Path]:
    return sorted(resource_path("sample").glob("*/*"))


def test_sample_has_three_classes_of_sixteen() -> None:
    folders = [path.parent.name for path in images()]
    assert {name: folders.count(name) for name in folders} == dict.fromkeys(CLASSES, 16)


def test_sample_is_small_and_every_image_opens() -> None:
    assert sum(path.stat().st_size for path in images()) < 600_000
    for path in images():
        with Image.open(path) as image:
            image.load()
            assert (image.size, image.mode) == ((128, 128), "RGB")


def test_no_two_sample_images_are_alike() -> None:
    assert len({path.read_bytes() for path in images()}) == len(images())
