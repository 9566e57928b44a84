"""Runs `predict.py` from the command line; needs nothing but Python, so it can say what is missing.

It lies beside `predict.py` and `picture.py`.
"""

import sys
from pathlib import Path

USAGE = """\
Usage: python predict.py PHOTO...

Classifies pictures with the model in this folder. Prints a line for each picture file: its path,
the class and the probability. Below the model's threshold it says "unknown", with the most probable
class beside it. The exit code is 1 if a file can't be used.
"""

# Of modules that are installed under another name.
PACKAGES = {
    "PIL": "Pillow",
    "ai_edge_litert": "ai-edge-litert",
    "tflite_runtime": "ai-edge-litert",
}


def main(about, paths):
    """Classify picture files.

    Args:
        about: The program's own words, whose lines from the third on say what it needs.

    Returns:
        The exit code: 0, 1 if something can't be used, or 2 if no file is named.
    """
    needs = about.partition("\n\n")[2]
    if "-h" in paths or "--help" in paths:
        print(f"{USAGE}\n{needs}", end="")
        return 0
    if not paths:
        print(f"{USAGE}\n{needs}", end="", file=sys.stderr)
        return 2
    try:
        # Imported here: they load packages that may be missing.
        from predict import Classifier

        classifier = Classifier(Path(__file__).resolve().parent)
        from picture import classify_files
    except ImportError as error:
        print(missing(error), file=sys.stderr)
        return 1
    except RuntimeError as error:
        print(f"{error}.", file=sys.stderr)
        return 1
    return classify_files(classifier, paths)


def missing(error):
    """Return a line about what can't be imported."""
    module = (error.name or "").partition(".")[0]
    package = PACKAGES.get(module, module)
    if not isinstance(error, ModuleNotFoundError) or not module:
        reason = next(iter(str(error).strip().splitlines()), "")
        return f"{package or 'A package'} can't be loaded: {reason}"
    if module in ("picture", "image_reading", "cuda_memory"):
        return f"{module} is missing: it belongs beside predict.py. Copy the whole folder."
    return f"The package {package} is missing: pip install {package}"
