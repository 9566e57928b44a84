"""`make bench`: all benchmarks, or those named, as Markdown on standard output."""

import sys

from tests.benchmarks import (
    accuracy,
    batch,
    cold_classify,
    export,
    extraction,
    fine_tuning,
    head,
    many_files,
    pipeline,
    quick_window,
    screening,
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
    "cold_classify": (cold_classify.main, "Classifying one picture, cold"),
    "batch": (batch.main, "Batch"),
    "many_files": (many_files.main, "100,000 files"),
    "window": (window.main, "The window"),
    "screening": (screening.main, "Screening of SavedModels"),
    "quick_window": (quick_window.main, "The quick window"),
}

if __name__ == "__main__":
    print("\n".join(describe_machine()), flush=True)
    for name in sys.argv[1:] or _ALL:
        measure, title = _ALL[name]
        print(f"\n## {title}\n", flush=True)
        print("\n".join(measure()), flush=True)
