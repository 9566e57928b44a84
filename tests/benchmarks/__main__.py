"""`make bench`: all benchmarks, or those named, as Markdown on standard output."""

import sys
from importlib import import_module

from tests.benchmarks.surroundings import describe_machine

# Modules of this package; each is imported when its turn comes, since some load TensorFlow.
_ALL = {
    "accuracy": "Accuracy",
    "whole_job": "The whole job",
    "twins": "The same photographs in other files",
    "extraction": "Feature extraction",
    "provisional": "Early accuracy",
    "head": "Head training",
    "pipeline": "Pictures for fine-tuning",
    "fine_tuning": "Fine-tuning",
    "export": "Exports",
    "foreign_clients": "Exports in foreign clients",
    "web_page": "Exports to TensorFlow.js",
    "cold_classify": "Classifying one picture, cold",
    "batch": "Batch",
    "many_files": "100,000 files",
    "split": "Split",
    "comparison": "Comparisons and the learning curve",
    "window": "The window",
    "library": "20 projects and 200 runs",
    "screening": "Screening of SavedModels",
    "quick_window": "The quick window",
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
        print(f"\n## {_ALL[name]}\n", flush=True)
        print("\n".join(import_module(f"tests.benchmarks.{name}").main()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
