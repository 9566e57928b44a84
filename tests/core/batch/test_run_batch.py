"""A batch that was broken off goes on with what it has, and ends as if it never was."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.batch.journal import BatchJournal, batches_dir
from core.batch.question import BatchQuestion
from core.batch.run import run_batch
from core.batch.unfinished import forget, unfinished_batches
from core.models.classify_many import Classified
from core.models.named_image import NamedImage
from core.models.predictor import imagenet_classifier, trained_classifier
from tests.models import write_model

LABELS = ("cat", "dog")
QUESTION = BatchQuestion.about((Path("/pictures"),), imagenet_classifier(), 2)


class Classifier:
    """Names each file by its content, and remembers which it was asked about."""

    def __init__(self) -> None:
        self.asked: list[Path] = []

    def __call__(self, files: Iterable[Path]) -> Iterator[Classified]:
        for path in files:
            self.asked.append(path)
            content = path.read_bytes() if path.exists() else b""
            if content:
                probability = content[0] / 255
                yield Classified(path, np.array([probability, 1 - probability], np.float32))
            else:
                yield Classified(path, None, "is empty")


@pytest.fixture
def files(tmp_path) -> list[Path]:
    names = [f"{number}.jpg" for number in range(40)] + ["lone \udce9.jpg", "two\nlines.jpg"]
    paths = [tmp_path / name for name in names]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number]) if number else b"")
    return paths


def ask(files, *, resume=False, stop_after=None, question=QUESTION):
    """The answers that came, the files asked about, and what was said of the journal."""
    classifier, said, known, answers = Classifier(), [], [], []
    batch = run_batch(
        question,
        files,
        classifier,
        LABELS,
        resume=resume,
        on_known=known.append,
        on_journal_lost=said.append,
    )
    for answer in batch:
        answers.append(answer)
        if len(answers) == stop_after:
            batch.close()
            break
    assert known == [len(set(files) - set(classifier.asked))] or stop_after
    return answers, classifier.asked, said


def test_answers_are_in_the_order_of_the_files(files):
    answers, asked, said = ask(files)
    assert [answer.path for answer in answers] == files == asked
    assert answers[0] == NamedImage(files[0], (), "is empty")
    assert answers[5].best[0][0] == "dog"
    assert said == []
    assert list(batches_dir().iterdir()) == []


def test_a_batch_broken_off_goes_on_and_ends_with_the_same_answers(files):
    whole, _, _ = ask(files)
    part, _, _ = ask(files, stop_after=25)
    answers, asked, _ = ask(files, resume=True)
    assert part == whole[:25]
    assert answers == whole
    assert set(asked) <= set(files[24:])
    assert unfinished_batches() == []


def test_without_resume_all_is_asked_again(files):
    ask(files, stop_after=25)
    _, asked, _ = ask(files)
    assert asked == files


def test_a_file_that_changed_is_asked_again(files):
    ask(files, stop_after=30)
    files[3].write_bytes(b"\xff")
    os.utime(files[4], ns=(1, 1))
    answers, asked, _ = ask(files, resume=True)
    assert asked[:2] == [files[3], files[4]]
    assert answers[3].best[0] == ("cat", 1.0)


def test_files_that_came_or_went_don_t_matter(files, tmp_path):
    ask(files, stop_after=30)
    new = tmp_path / "0a.jpg"
    new.write_bytes(b"\xff")
    answers, asked, _ = ask([new, *files[5:]], resume=True)
    assert asked[0] == new
    assert not set(asked) & set(files[5:29])
    assert [answer.path for answer in answers] == [new, *files[5:]]


@pytest.mark.parametrize("damage", [b'["/x.jpg", 3', b"rubbish\n", b"[1]\n", b"\0" * 50])
def test_a_damaged_end_is_cut_off(files, damage):
    whole, _, _ = ask(files)
    ask(files, stop_after=20)
    (journal,) = batches_dir().glob("*.jsonl")
    with journal.open("ab") as file:
        file.write(damage)
    answers, asked, _ = ask(files, resume=True)
    assert answers == whole
    assert not set(asked) & set(files[:19])


@pytest.mark.parametrize("content", [b"", b"rubbish", b"{}\n", b'{"schema": 99}\n', b"[1]\n"])
def test_another_file_in_its_place_is_not_used(files, content):
    batches_dir().mkdir(parents=True)
    (batches_dir() / f"{QUESTION.key}.jsonl").write_bytes(content)
    answers, asked, said = ask(files, resume=True)
    assert (len(answers), asked, said) == (len(files), files, [])


@pytest.mark.parametrize("other", [{"model": "/m"}, {"fingerprint": "0" * 64}, {"top": 1}])
def test_another_question_is_another_batch(files, other):
    ask(files, stop_after=20)
    _, asked, _ = ask(files, resume=True, question=replace(QUESTION, **other))
    assert asked == files


def test_two_at_once_don_t_write_into_one_journal(files):
    with BatchJournal(QUESTION, len(files), resume=False):
        answers, _, said = ask(files)
    assert len(answers) == len(files)
    assert said == ["The same pictures are being classified by another Fieldguide."]


def test_a_full_disk_costs_the_journal_and_no_answer(files, monkeypatch):
    ask(files, stop_after=20)
    # One before those that are answered has to be answered anew.
    os.utime(files[2], ns=(1, 1))
    opened = BatchJournal._open

    def open_on_a_full_disk(self):
        opened(self)
        self._writer.close()
        self._writer = Path("/dev/full").open("ab")  # noqa: SIM115 - the journal closes it

    monkeypatch.setattr(BatchJournal, "_open", open_on_a_full_disk)
    answers, _, said = ask(files, resume=True)
    assert [answer.path for answer in answers] == files
    assert len(said) == 1
    assert "No space left on device" in said[0]


def test_a_folder_that_can_t_be_made_costs_the_journal_and_no_answer(files, fieldguide_home):
    (fieldguide_home / "data").write_text("a file")
    answers, _, said = ask(files)
    assert len(answers) == len(files)
    assert str(fieldguide_home / "data") in said[0]


# What can be gone on with.


def test_unfinished_batches_are_told_with_their_counts(files):
    assert unfinished_batches() == []
    ask(files, stop_after=20)
    (batch,) = unfinished_batches()
    assert (batch.question, batch.num_total) == (QUESTION, len(files))
    assert batch.num_done in (19, 20)


def test_one_under_way_is_not_told(files):
    ask(files, stop_after=20)
    with BatchJournal(QUESTION, len(files), resume=True):
        assert unfinished_batches() == []
        forget(QUESTION)
    assert len(unfinished_batches()) == 1


def test_old_and_damaged_ones_are_removed(files):
    ask(files, stop_after=20)
    (journal,) = batches_dir().glob("*.jsonl")
    journal.with_stem("other").write_text(json.dumps({"question": 3}))
    os.utime(journal, (0, 0))
    assert unfinished_batches() == []
    assert list(batches_dir().glob("*.jsonl")) == []


def test_one_whose_model_has_changed_is_not_told(files, tmp_path):
    folder = write_model(tmp_path / "run" / "model")
    question = BatchQuestion.about((tmp_path,), trained_classifier(folder), 2)
    ask(files, stop_after=20, question=question)
    assert [batch.question for batch in unfinished_batches()] == [question]
    (folder / "model.tflite").write_bytes(b"another")
    assert unfinished_batches() == []
    (folder / "model.tflite").unlink()
    assert unfinished_batches() == []


def test_a_batch_can_be_forgotten(files):
    ask(files, stop_after=20)
    forget(QUESTION)
    assert unfinished_batches() == []
    _, asked, _ = ask(files, resume=True)
    assert asked == files
