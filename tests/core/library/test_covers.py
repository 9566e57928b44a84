from pathlib import Path

from core.data.dataset import ImageSource
from core.library.covers import cover_images


def make(folder: Path, *names: str) -> ImageSource:
    """A source whose files are named like images and hold nothing."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return ImageSource(folder)


def names(paths: tuple[Path, ...], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_each_class_has_one_before_any_has_two(tmp_path):
    source = make(tmp_path, "cat/1.png", "cat/2.png", "cat/3.png", "dog/1.jpg", "owl/1.webp")
    assert names(cover_images([source]), tmp_path) == [
        "cat/1.png",
        "dog/1.jpg",
        "owl/1.webp",
        "cat/2.png",
    ]


def test_sources_that_are_folders_files_and_split_folders_all_count(tmp_path):
    flat = make(tmp_path / "flat", "a.png")
    split = make(tmp_path / "split", "train/cat/b.png")
    single = ImageSource(make(tmp_path, "c.jpg").path / "c.jpg", "owl")
    found = cover_images([flat, split, single])
    assert names(found, tmp_path) == ["flat/a.png", "split/train/cat/b.png", "c.jpg"]


def test_what_is_no_image_is_none(tmp_path):
    source = make(tmp_path, "cat/notes.txt", "cat/.hidden.png", ".git/1.png", "list.csv")
    archive = ImageSource(make(tmp_path, "more.zip").path / "more.zip")
    assert cover_images([source, archive, ImageSource(tmp_path / "missing")]) == ()


def test_a_large_folder_is_not_read_whole(tmp_path, monkeypatch):
    source = make(tmp_path, *(f"cat/{number}.png" for number in range(5)))
    monkeypatch.setattr("core.library.covers._MOST_LOOKED_AT", 3)
    assert len(cover_images([source], 9)) == 3


def test_no_more_than_asked_for(tmp_path):
    source = make(tmp_path, *(f"{name}/1.png" for name in "abcdef"))
    assert len(cover_images([source])) == 4
    assert names(cover_images([source], 1), tmp_path) == ["a/1.png"]
    assert cover_images([]) == ()
