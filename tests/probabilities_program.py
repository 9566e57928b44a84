"""Run by any Python with the runtime: all probabilities that an export's own programs give.

    python probabilities_program.py EXPORT_FOLDER PICTURE...

It prints a JSON object: `runtime`, and `probabilities`, a list for each picture file.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])
from picture import read_picture  # type: ignore[import-not-found]
from predict import Classifier  # type: ignore[import-not-found]

found = Classifier(sys.argv[1])
rows = []
for path in sys.argv[2:]:
    (row,) = found.probabilities(read_picture(path, found.size, found.fit)[None])
    rows.append([float(value) for value in row])
json.dump({"runtime": found.runtime, "probabilities": rows}, sys.stdout)
