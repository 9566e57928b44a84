"""Core ML: an ML program for Apple's devices.

An ML program and no `neuralnetwork`: systems since 2021 (iOS 15, macOS 12) load it, newer versions
of Core ML are made for it, and the other, which iOS 13 loads too, gets none of their speed. In
16 bits, coremltools' own choice: half the size, and the Neural Engine computes nothing else.
"""

from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.formats.format import Format
from core.export_spec.export_format import ExportTarget
from core.models.model_info import ModelInfo
from core.text import Text

_PACKAGE = "ImageClassifier.mlpackage"
_CROP_OPTIONS = {"squash": ".scaleFill", "crop": ".centerCrop", "pad": ".scaleFit"}
_SWIFT = """\
```swift
import Vision

let model = try VNCoreMLModel(for: ImageClassifier(configuration: MLModelConfiguration()).model)
let request = VNCoreMLRequest(model: model)
request.imageCropAndScaleOption = {option}
try VNImageRequestHandler(url: photo).perform([request])
for found in request.results as! [VNClassificationObservation] {{
    print(found.identifier, found.confidence)
}}
```"""


def _make(job: ExportJob, _target: ExportTarget, output: Path) -> MadeArtifact:
    from core.export.conversion.coreml import export_coreml

    return export_coreml(job, output)


def _notes(info: ModelInfo) -> list[str]:
    height, width = info.input_size
    option = _CROP_OPTIONS[info.resize_mode]
    return [
        "It needs iOS 15, iPadOS 15, macOS 12, tvOS 15, watchOS 8 or later. `predict.py` needs "
        "macOS, NumPy, Pillow and coremltools 9.",
        f"In other programs: it takes `images`, an RGB picture of {width} × {height} pixels, and "
        "gives `classLabel` and `classLabel_probs`, a probability by class. The names are those of "
        "`labels.txt`.",
        "In Xcode: drag the package into the project, which then has a class `ImageClassifier`; "
        "its tab Preview takes pictures.",
        f"With Vision, `imageCropAndScaleOption = {option}` is this model's fit "
        f"({info.resize_mode}).{_of_borders(info)} Vision scales a little otherwise than "
        "`read_picture`. Hand pictures over upright, or name their `orientation`: of its handlers "
        "only those of a URL or of data read EXIF.\n\n" + _SWIFT.format(option=option) + "\n",
    ]


def _of_borders(info: ModelInfo) -> str:
    if info.resize_mode != "pad":
        return ""
    return (
        " Its border is black, as far as is known, and training's was white: for the same answers "
        "draw the picture on a white square first."
    )


COREML = Format(
    name="coreml",
    position=65,
    title=Text("Core ML"),
    purpose=Text("For iPhone, iPad and Mac, with Xcode and Vision."),
    card_title="Core ML, float16",
    artifact=_PACKAGE,
    predict="coreml.py",
    runtimes=("coremltools",),
    relative_size=0.5,
    make=_make,
    client_notes=_notes,
    runs_on="On a Mac",
)
