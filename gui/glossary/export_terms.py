"""Words about exports."""

from core.text import Text
from gui.glossary.term import Term

EXPORT_TERMS = (
    Term(
        key="savedmodel",
        title=Text("SavedModel"),
        forms=Text("SavedModel"),
        text=Text(
            "TensorFlow's own format: a folder with the network's operations and weights. "
            "Backbones come in it too."
        ),
        place=Text("Export; Edit → Backbones…, “Import…”."),
    ),
    Term(
        key="tflite",
        title=Text("TFLite (LiteRT)"),
        forms=Text("TFLite|LiteRT"),
        text=Text(
            "A format for phones and small computers: one file, and a small program that runs it. "
            "Fieldguide itself classifies with it."
        ),
        place=Text("Export."),
    ),
    Term(
        key="onnx",
        title=Text("ONNX"),
        forms=Text("ONNX"),
        text=Text("An open format that most tools and programming languages can run."),
        place=Text("Export."),
    ),
    Term(
        key="quantisation",
        title=Text("Quantisation (int8)"),
        forms=Text(
            "quantisation|quantization|quantize|quantized|int8|full-integer|dynamic-range|"
            "8-bit numbers|8 bits|full precision"
        ),
        text=Text(
            "To store numbers in 8 bits instead of 32, the full precision: the model is a quarter "
            "of the size, often faster, and slightly less exact. “Dynamic-range” does it to the "
            "weights alone, “full-integer” to all numbers."
        ),
        place=Text("Export: the TFLite formats; the verdict tells what it costs."),
    ),
    Term(
        key="float16",
        title=Text("float16"),
        forms=Text("float16|FP16"),
        text=Text(
            "Numbers of 16 bits: half the size of the usual 32, with hardly a difference in the "
            "answers."
        ),
        place=Text("Export: TFLite float16, TF-TRT FP16."),
    ),
)
