"""`make bench`: all benchmarks, or those named, as Markdown on standard output."""

import sys

from tests.benchmarks import (
    accuracy,
    batch,
    cold_classify,
    export,
    extraction,
    fine_tuning,
    foreign_clients,
    head,
    many_files,
    pipeline,
    quick_window,
    screening,
    split,
    whole_job,
    window,
)
from tests.benchmarks.surroundings import describe_machine

_ALL = {
    "accuracy": (accuracy.main, "Accuracy"),
    "whole_job": (whole_job.main, "The whole job"),
    "extraction": (extraction.main, "Feature extraction"),
    "head": (head.main, "Head training"),
    "pipeline": (pipeline.main, "Pictures for fine-tuning"),
    "fine_tuning": (fine_tuning.main, "Fine-tuning"),
    "export": (export.main, "Exports"),
    "foreign_clients": (foreign_clients.main, "Exports in foreign clients"),
    "cold_classify": (cold_classify.main, "Classifying one picture, cold"),
    "batch": (batch.main, "Batch"),
    "many_files": (many_files.main, "100,000 files"),
    "split": (split.main, "Split"),
    "window": (window.main, "The window"),
    "screening": (screening.main, "Screening of SavedModels"),
    "quick_window": (quick_window.main, "The quick window"),
}


def main(names: list[str]) -> None:
    """Run benchmarks and print what they measure.

    Args:
        names: Those to run; all of them if there are none.

    Raises:
        SystemExit: With 2, after listing the names there are, for one that isn't among them.
    """
    names = [name.replace("-", "_") for name in names]
    if unknown := [name for name in names if name not in _ALL]:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(_ALL)}")
        sys.exit(2)
    print("\n".join(describe_machine()), flush=True)
    for name in names or _ALL:
        measure, title = _ALL[name]
        print(f"\n## {title}\n", flush=True)
        print("\n".join(measure()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
