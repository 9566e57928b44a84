"""TensorFlow.js, for web pages: the model runs in the browser."""

from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.formats.format import Format
from core.export.formats.input_words import pixels_taken
from core.export_spec.export_format import ExportTarget
from core.models.model_info import ModelInfo
from core.text import Text


def _make(job: ExportJob, _target: ExportTarget, output: Path) -> MadeArtifact:
    from core.export.conversion.tfjs import export_tfjs

    return export_tfjs(job, output)


def _notes(info: ModelInfo) -> list[str]:
    return [
        "`index.html` is a page that classifies the pictures which are dropped on it, pasted or "
        "chosen. Open it with a double click: it needs no network and no server, and no picture "
        "leaves the computer.",
        "On a web server it needs `page.js`, `picture.js`, `classifier.js`, `description.js`, "
        "`tf.min.js`, `tf-backend-wasm.min.js`, `tfjs-backend-wasm-simd.wasm` and the folder "
        "`tfjs_model`. `embedded.js` holds the model once more, for the double click alone. "
        "`python -m http.server` serves this folder on your own computer.",
        "In a web page of your own, after the scripts that `index.html` names: "
        "`const classifier = await fieldguide.open()`, then "
        "`await classifier.classify(file)` of a `File` or `Blob`. It gives the probabilities in "
        "the order of `labels.txt`; where the largest is below `classifier.unknownThreshold`, the "
        "page says “unknown”. `fieldguide.readPicture` turns a photograph upright and "
        "scales it as in training; the canvas of a browser, or "
        "`tf.image.resizeBilinear`, scales in another way and gives other answers.",
        f"With TensorFlow.js alone: `tf.loadGraphModel('tfjs_model/model.json')` takes "
        f"{pixels_taken(info)}, and gives `probabilities`.",
        "Under Node.js 18 or later: `import { openClassifier } from './predict.mjs'`; it takes the "
        "RGB pixels of pictures that have the model's size. `predict.py` asks it, and needs "
        "NumPy, Pillow and Node.js.",
        "TensorFlow.js 4.22.0 is Google's, under the licence in `LICENSE-tensorflow.js.txt`.",
    ]


TFJS = Format(
    name="tfjs",
    position=62,
    title=Text("TensorFlow.js"),
    purpose=Text("For web pages: it runs in the browser."),
    card_title="TensorFlow.js",
    artifact="tfjs_model",
    predict="tfjs.py",
    runtimes=(),
    make=_make,
    client_notes=_notes,
)
