import shutil
import threading
from pathlib import Path

import pytest

from core.batch.unfinished import unfinished_batches
from core.models.warm_classifier import WarmClassifier
from core.runs.last_model import remember_last_model
from gui.classifier.classifier_service import ClassifierService
from tests.models import LABELS, PHOTOS, write_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("run") / "model")


@pytest.fixture
def service(qtbot):
    service = ClassifierService()
    yield service
    service.close()


def answers(qtbot, task):
    """All images of a task, once it has ended."""
    found = []
    task.progressed.connect(lambda batch: found.extend(batch.images))
    with qtbot.waitSignal(task.succeeded, timeout=30_000):
        pass
    return found


def test_cat_is_a_cat_without_any_training(qtbot, service):
    (image,) = answers(qtbot, service.classify([PHOTOS / "cat.jpg"]))
    names = [label for label, _ in image.best]
    assert any("cat" in name or "Mau" in name for name in names[:3])
    assert len(image.best) == 5


def test_nothing_is_loaded_before_it_is_asked_for(service):
    assert service.labels == ()
    assert service.model_name == "ImageNet’s 1,000 classes"


def test_model_is_loaded_in_a_thread(qtbot, service, monkeypatch):
    threads = []
    load = WarmClassifier.warm_up

    def noted(self):
        threads.append(threading.current_thread())
        load(self)

    monkeypatch.setattr(WarmClassifier, "warm_up", noted)
    with qtbot.waitSignal(service.model_changed, timeout=30_000):
        service.warm_up()
    assert threads
    assert threading.main_thread() not in threads
    assert len(service.labels) == 1000


def test_trained_model_takes_over(qtbot, service, model):
    with qtbot.waitSignal(service.model_changed, timeout=30_000):
        service.use_model(model.parent)
    assert service.labels == LABELS
    assert (service.model_name, service.info.num_training) == ("photos", 30)
    (image,) = answers(qtbot, service.classify([PHOTOS / "rocket.jpg"]))
    assert image.best[0][0] == "rocket"


def test_question_right_after_the_change_is_for_the_new_model(qtbot, service, model):
    service.use_model(model)
    (image,) = answers(qtbot, service.classify([PHOTOS / "coffee.jpg"]))
    assert image.best[0][0] == "coffee"


def test_change_while_a_folder_is_on_its_way(qtbot, service, model, tmp_path):
    for number in range(30):
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / f"{number:02}.jpg")
    batches = []
    task = service.classify([tmp_path])
    task.progressed.connect(batches.append)
    with qtbot.waitSignals([task.succeeded, service.model_changed], timeout=60_000):
        service.use_model(model)
    images = [image for batch in batches for image in batch.images]
    assert [image.path.name for image in images] == [f"{n:02}.jpg" for n in range(30)]
    assert {len(batch.labels) for batch in batches} == {1000}
    assert {image.best[0][0] for image in images} == {"Egyptian Mau"}
    assert {batch.num_total for batch in batches} == {30}


def test_missing_model_is_told_and_the_one_before_stays(qtbot, service, model, tmp_path):
    with qtbot.waitSignal(service.model_changed, timeout=30_000):
        service.use_model(model)
    with qtbot.waitSignal(service.failed, timeout=30_000) as failed:
        service.use_model(tmp_path)
    assert "no model folder" in failed.args[0]
    assert service.model_name == "photos"
    (image,) = answers(qtbot, service.classify([PHOTOS / "cat.jpg"]))
    assert image.best[0][0] == "cat"


def test_question_to_a_damaged_model_fails_with_its_message(qtbot, service, model, tmp_path):
    shutil.copytree(model, tmp_path / "model")
    (tmp_path / "model" / "model.tflite").write_bytes(b"no model")
    service.use_model(tmp_path)
    task = service.classify([PHOTOS / "cat.jpg"])
    with qtbot.waitSignal(task.failed, timeout=30_000) as failed:
        pass
    assert "model.tflite is missing or damaged" in failed.args[0]


def test_an_image_without_a_suffix_needn_t_wait_for_a_folder(qtbot, service, tmp_path, monkeypatch):
    shutil.copy(PHOTOS / "cat.jpg", tmp_path / "07")
    pools = []
    monkeypatch.setattr(service, "_start", lambda _task, pool: pools.append(pool))
    service.classify([tmp_path / "07"])
    service.classify([tmp_path])
    assert pools == [service._quick_pool, service._folder_pool]


def test_a_folder_of_other_files_is_an_answer_that_says_what_they_are(qtbot, service, tmp_path):
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans/a.dcm").touch()
    found = answers(qtbot, service.classify([tmp_path / "scans", PHOTOS / "cat.jpg"]))
    (error,) = [image.error for image in found if image.path.name == "scans"]
    assert error.startswith("holds 1 file, and none is a picture that Fieldguide reads: 1 DICOM")


def test_other_files_in_a_folder_are_a_warning_once(qtbot, service, tmp_path):
    shutil.copy(PHOTOS / "cat.jpg", tmp_path)
    (tmp_path / "film.mp4").touch()
    warnings = []
    task = service.classify([tmp_path])
    task.progressed.connect(lambda batch: warnings.append(batch.warning))
    answers(qtbot, task)
    assert list(filter(None, warnings)) == ["1 other file is left out: 1 video (film.mp4)."]


def test_damaged_images_and_empty_folders_are_answers_too(qtbot, service, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.jpg").write_bytes(b"nonsense")
    asked = [tmp_path / "empty", tmp_path / "bad.jpg", tmp_path / "gone.jpg", PHOTOS / "cat.jpg"]
    found = answers(qtbot, service.classify(asked))
    errors = {image.path.name: image.error for image in found}
    assert errors["empty"] == "holds no picture"
    assert errors["bad.jpg"].startswith("is plain text")
    assert errors["gone.jpg"] == "is not there"
    assert errors["cat.jpg"] == ""


def test_empty_folder_alone_fails(qtbot, service, tmp_path):
    task = service.classify([tmp_path])
    with qtbot.waitSignal(task.failed) as failed:
        pass
    assert "no picture" in failed.args[0]


def test_cancelled_work_is_not_heard_of_again(qtbot, service, tmp_path):
    for number in range(40):
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / f"{number}.jpg")
    task = service.classify([tmp_path])
    heard = []
    with qtbot.waitSignal(task.progressed, timeout=30_000):
        pass
    task.progressed.connect(heard.append)
    task.succeeded.connect(heard.append)
    with qtbot.waitSignal(task.ended):
        task.cancel()
    assert heard == []


def test_model_trained_last(qtbot, service, model):
    with qtbot.waitSignal(service.failed) as failed:
        service.use_last_model()
    assert failed.args[0].startswith("No model has been trained yet")
    remember_last_model(model)
    with qtbot.waitSignal(service.model_changed, timeout=30_000):
        service.use_last_model()
    assert service.folder == model


def test_many_images_broken_off_can_be_gone_on_with(qtbot, service, model, tmp_path):
    for number in range(80):
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / f"{number:02}.jpg")
    service.use_model(model)
    whole = answers(qtbot, service.classify([tmp_path]))
    assert unfinished_batches() == []
    task = service.classify([tmp_path])
    task.progressed.connect(lambda _batch: task.cancel())
    with qtbot.waitSignal(task.ended, timeout=30_000):
        pass
    (unfinished,) = unfinished_batches()
    assert 0 < unfinished.num_done < 80
    assert unfinished.num_total == 80
    assert unfinished.question.model == str(model)
    assert answers(qtbot, service.classify([tmp_path], resume=True)) == whole
    assert unfinished_batches() == []


def test_a_journal_that_cant_be_kept_is_told_once(qtbot, service, tmp_path, fieldguide_home):
    (fieldguide_home / "data").write_text("a file")
    for number in range(40):
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / f"{number:02}.jpg")
    batches = []
    task = service.classify([tmp_path])
    task.progressed.connect(batches.append)
    with qtbot.waitSignal(task.succeeded, timeout=30_000):
        pass
    (warning,) = [batch.warning for batch in batches if batch.warning]
    assert str(fieldguide_home / "data") in warning
    assert sum(len(batch.images) for batch in batches) == 40
