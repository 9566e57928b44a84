"""Classify many pictures, with what an earlier, broken-off batch has answered already."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import ExitStack
from pathlib import Path

from core.batch.journal import BatchJournal
from core.batch.question import BatchQuestion
from core.batch.record import FileState, Record
from core.errors import StorageError
from core.models.classify_many import Classified
from core.models.named_picture import NamedPicture

Classify = Callable[[Iterable[Path]], Iterator[Classified]]
"""Gives outcomes in the order of the files, and asks for files while it gives them."""


def run_batch(
    question: BatchQuestion,
    files: Sequence[Path],
    classify: Classify,
    labels: tuple[str, ...],
    *,
    resume: bool,
    on_known: Callable[[int], None],
    on_journal_lost: Callable[[str], None],
) -> Iterator[NamedPicture]:
    """Answers in the order of the files. Memory doesn't grow but by the files' places.

    Whoever closes the iterator early, or doesn't live to its end, can go on with `resume`; once
    all is answered, the journal is removed.

    Args:
        files: All pictures, once folders are walked.
        labels: Of the classifier.
        resume: Whether to take answers of an earlier batch for files that haven't changed.
        on_known: Called first, with the number of answers from an earlier batch.
        on_journal_lost: Called once, with the reason, if nothing can be kept to go on with; the
            answers come all the same.

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
                yield NamedPicture.from_outcome(outcome, labels, question.top)
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
) -> Iterator[NamedPicture]:
    states: deque[FileState] = deque()

    def unanswered() -> Iterator[Path]:
        for path in files:
            if path not in known:
                # From before it is read: a change after that makes the answer an old one.
                states.append(FileState.of(path))
                yield path

    outcomes = classify(unanswered())
    for path in files:
        if path in known:
            yield journal.answer(path)
            continue
        picture = NamedPicture.from_outcome(next(outcomes), labels, top)
        try:
            journal.add(Record(picture, states.popleft()))
        except StorageError as error:
            on_journal_lost(str(error))
        yield picture
