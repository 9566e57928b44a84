"""Run by any Python with the runtime: all probabilities that an export's own programs give.

    python probabilities_program.py EXPORT_FOLDER PICTURE...

It prints a JSON object: `runtime`, and `probabilities`, a list for each picture file.
"""

import importlib
import json
import sys


def main(folder, *paths):
    sys.path.insert(0, folder)
    predict, picture = map(importlib.import_module, ("predict", "picture"))
    found = predict.Classifier(folder)
    rows = []
    for path in paths:
        (row,) = found.probabilities(picture.read_picture(path, found.size, found.fit)[None])
        rows.append([float(value) for value in row])
    json.dump({"runtime": found.runtime, "probabilities": rows}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
