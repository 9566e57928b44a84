"""Runs under the TF-TRT Python: what a converted SavedModel holds and answers.

python look_at_converted.py ORIGINAL CONVERTED PHOTO...
"""

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from core.export.tftrt.graph_check_program import run_without_engines


def main(original, converted, *photos):
    reloaded = tf.saved_model.load(converted)
    native = tf.saved_model.load(original)
    (spec,) = native.signatures["serving_default"].structured_input_signature[1].values()
    height, width = spec.shape[1:3]
    images = np.random.default_rng(0).random((3, height, width, 3), np.float32)
    files = [Path(photo).read_bytes() for photo in photos]
    found = {"signatures": {key: kinds(f) for key, f in reloaded.signatures.items()}}
    found["original"] = {key: kinds(f) for key, f in native.signatures.items()}
    for key, batch in (("serving_default", images), ("serving_bytes", np.array(files, object))):
        (expected,) = native.signatures[key].structured_input_signature[1]
        wanted = native.signatures[key](**{expected: tf.constant(batch)})
        (given,) = run_without_engines(Path(converted), key, [batch])
        found[key] = {
            "labels": [[label.decode() for label in row] for row in given["labels"]],
            "difference": float(np.abs(given["probabilities"] - wanted["probabilities"]).max()),
            "num": len(given["probabilities"]),
        }
    sys.stdout.write(json.dumps(found))


def kinds(function):
    inputs, outputs = function.structured_input_signature[1], function.structured_outputs
    return {n: [s.dtype.name, s.shape.as_list()] for n, s in {**inputs, **outputs}.items()}


if __name__ == "__main__":
    main(*sys.argv[1:])
