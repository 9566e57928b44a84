"""Exports are put in place whole or not at all, over nothing but exports, and are listed later."""

import json
import os
from pathlib import Path

import pytest

from core.errors import StorageError
from core.export.artifact_folder import EXPORT_FILE, put_in_place, read_exports, record_result
from core.export.formats.tflite import TFLITE
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.export_spec.export_format import ExportTarget
from tests.models import model_info
from tests.small_disk import file_size_limit

FIGURES = Verification(
    runtime="LiteRT 2",
    num_images=10,
    top1_agreement=1.0,
    max_abs_diff=0.0,
    mean_abs_diff=0.0,
    accuracy=0.9,
    interval=(0.7, 1.0),
    model_accuracy=0.9,
    latency_ms_p50=None,
    latency_ms_p95=None,
    images_per_s=None,
    batch_size=16,
)


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    folder = tmp_path / "work/tflite"
    (folder / "saved_model").mkdir(parents=True)
    (folder / EXPORT_FILE).write_text("{}")
    (folder / "saved_model/a.bin").write_bytes(bytes(100_000))
    (folder / "saved_model/b.bin").write_bytes(bytes(100_000))
    return folder


def test_an_export_takes_the_place_of_an_earlier_one(finished: Path, tmp_path: Path) -> None:
    place = tmp_path / "exports/tflite"
    put_in_place(finished, place)
    (place / "old").touch()
    put_in_place(finished, place)
    assert sorted(path.name for path in place.iterdir()) == [EXPORT_FILE, "saved_model"]
    assert list(place.parent.iterdir()) == [place]


def test_a_full_disk_is_one_sentence_and_the_earlier_export_stays(
    finished: Path, small_disk
) -> None:
    place = small_disk.path / "tflite"
    place.mkdir()
    (place / EXPORT_FILE).write_text("{}")
    small_disk.fill(left=120_000)
    with pytest.raises(StorageError) as caught:
        put_in_place(finished, place)
    assert str(caught.value) == (
        f"Can't write the export {place}: No space left on device. Free some space there, or "
        "choose a folder on another disk."
    )
    assert sorted(path.name for path in small_disk.path.iterdir()) == ["other", "tflite"]


def test_files_that_are_too_large_are_one_sentence(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught, file_size_limit(50_000):
        put_in_place(finished, tmp_path / "tflite")
    assert str(caught.value).startswith(f"Can't write the export {tmp_path / 'tflite'}: File too")
    assert "(" not in str(caught.value).replace(str(tmp_path), "")
    assert not (tmp_path / "tflite").exists()


@pytest.mark.parametrize("kind", ["file", "link", "folder of the user's", "dangling link"])
def test_what_is_no_export_stays(finished: Path, tmp_path: Path, kind: str) -> None:
    place, mine = tmp_path / "tflite", tmp_path / "mine"
    match kind:
        case "file":
            place.write_text("mine")
        case "link":
            mine.mkdir()
            place.symlink_to(mine)
        case "dangling link":
            place.symlink_to(mine)
        case "folder of the user's":
            place.mkdir()
            (place / "mine").touch()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StorageError, match="is no export of Fieldguide's"):
        put_in_place(finished, place)
    assert sorted(tmp_path.iterdir()) == before


def test_a_parent_that_is_a_file_is_named(finished: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"file/tflite: File exists\. Move .*/file away"):
        put_in_place(finished, tmp_path / "file/tflite")


def test_a_folder_without_rights_is_named(finished: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "fixed").mkdir(mode=0o555)
    with pytest.raises(StorageError, match=r"Permission denied\. Check the folder's permissions"):
        put_in_place(finished, tmp_path / "fixed/tflite")


def test_a_work_folder_that_has_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"No such file or directory\. Check that the folder"):
        put_in_place(tmp_path / "gone", tmp_path / "tflite")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tflite"
    result = ArtifactResult(
        target=ExportTarget(TFLITE),
        folder=folder,
        path=folder / "model.tflite",
        size_bytes=3,
        verification=FIGURES,
        verdict=Verdict.PASSED,
    )
    record_result(folder, result, model_info())
    return folder


def change(folder: Path, **values: object) -> None:
    path = folder / EXPORT_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_an_export_comes_back(folder: Path) -> None:
    (result,) = read_exports(folder.parent)
    assert result.path == folder / "model.tflite"
    assert result.verification == FIGURES


@pytest.mark.parametrize(
    ("verdict", "verification", "passed"),
    [
        (Verdict.PASSED, FIGURES, True),
        (Verdict.IN_PART, FIGURES, None),
        (Verdict.NOT_VERIFIED, None, None),
        (Verdict.FAILED, FIGURES, False),
        (Verdict.FAILED, None, False),
    ],
)
def test_a_verdict_comes_back(
    tmp_path: Path, verdict: Verdict, verification: Verification | None, passed: bool | None
) -> None:
    folder = tmp_path / "tflite"
    result = ArtifactResult(
        target=ExportTarget(TFLITE),
        folder=folder,
        path=folder / "model.tflite",
        verification=verification,
        verdict=verdict,
    )
    folder.mkdir()
    record_result(folder, result, model_info())
    assert json.loads((folder / EXPORT_FILE).read_text())["passed"] is passed
    assert read_exports(tmp_path) == (result,)


@pytest.mark.parametrize("artifact", ["saved_model/1", "a b.tflite"])
def test_an_artifact_may_lie_in_a_folder_of_its_own(folder: Path, artifact: str) -> None:
    change(folder, artifact=artifact)
    (result,) = read_exports(folder.parent)
    assert result.path == folder / artifact


@pytest.mark.parametrize(
    "artifact", ["../x", "/etc/passwd", "a/../../x", "..\\x", "C:x", "\\\\host\\share"]
)
def test_an_artifact_outside_of_its_folder_is_passed_over(folder: Path, artifact: str) -> None:
    change(folder, artifact=artifact)
    assert read_exports(folder.parent) == ()


@pytest.mark.parametrize(
    "values",
    [
        {"accuracy": "<b>1</b>"},
        {"accuracy": [1]},
        {"interval": "ab"},
        {"interval": [1, 2, 3]},
        {"latency_ms_p50": {}},
        {"size_bytes": "x"},
        {"format": "exe"},
        {"problems": 5},
        {"schema": 2},
        {"size_bytes": 1e999},
    ],
    ids=str,
)
def test_figures_that_are_none_are_passed_over(folder: Path, values: dict) -> None:
    change(folder, **values)
    assert read_exports(folder.parent) == ()


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{}", b"\xff", b"[]", b" " * (17 << 20)])
def test_what_is_no_record_is_passed_over(folder: Path, content: bytes) -> None:
    (folder / EXPORT_FILE).write_bytes(content)
    assert read_exports(folder.parent) == ()
