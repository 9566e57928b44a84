"""Classify many images, with the answers of an earlier, interrupted batch."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import ExitStack
from pathlib import Path

from core.batch.journal import BatchJournal
from core.batch.question import BatchQuestion
from core.batch.record import FileState, Record
from core.errors import StorageError
from core.models.classify_many import Classified
from core.models.named_image import NamedImage

Classify = Callable[[Iterable[Path]], Iterator[Classified]]
"""Yields results in the order of the files, and takes more files meanwhile."""


def run_batch(
    question: BatchQuestion,
    files: Sequence[Path],
    classify: Classify,
    labels: tuple[str, ...],
    *,
    resume: bool,
    on_known: Callable[[int], None],
    on_journal_lost: Callable[[str], None],
) -> Iterator[NamedImage]:
    """Yield answers in the order of the files. Of each file only its path stays in memory.

    If the iterator is closed early, or the process ends, `resume` continues; once all images are
    answered, the journal is removed.

    Args:
        files: All images, those in folders too.
        labels: Of the classifier.
        resume: Whether to take answers of an earlier batch for files that haven't changed.
        on_known: Called first, with the number of answers from an earlier batch.
        on_journal_lost: Called once, with the reason, if answers can't be kept for `resume`;
            classification continues.

    Raises:
        ModelError: If the model is missing or damaged.
    """
    with ExitStack() as stack:
        try:
            journal = stack.enter_context(BatchJournal(question, len(files), resume=resume))
        except StorageError as error:
            on_journal_lost(str(error))
            on_known(0)
            for outcome in classify(files):
                yield NamedImage.from_outcome(outcome, labels, question.top)
            return
        known = {path for path in files if journal.is_answered(path)}
        on_known(len(known))
        yield from _answers(journal, known, question.top, files, classify, labels, on_journal_lost)
        journal.remove()


def _answers(
    journal: BatchJournal,
    known: Set[Path],
    top: int,
    files: Sequence[Path],
    classify: Classify,
    labels: tuple[str, ...],
    on_journal_lost: Callable[[str], None],
) -> Iterator[NamedImage]:
    states: deque[FileState] = deque()

    def unanswered() -> Iterator[Path]:
        for path in files:
            if path not in known:
                # Before it is read: a later change makes the answer outdated.
                states.append(FileState.of(path))
                yield path

    outcomes = classify(unanswered())
    for path in files:
        if path in known:
            yield journal.answer(path)
            continue
        image = NamedImage.from_outcome(next(outcomes), labels, top)
        try:
            journal.add(Record(image, states.popleft()))
        except StorageError as error:
            on_journal_lost(str(error))
        yield image
