"""Few lines that load an artifact, for each runtime."""

from core.export.export_format import ExportFormat

_PICTURE = (
    'image = Image.open("photo.jpg").convert("RGB").resize(({width}, {height}), 2)',
    "pixels = np.asarray(image)[None]",
)


def loading_example(chosen: ExportFormat, artifact: str, size: tuple[int, int]) -> list[str]:
    """Lines of Python that classify a picture; they leave EXIF orientation aside.

    Args:
        artifact: Path of the artifact inside its folder.
        size: `(height, width)` that the model takes.
    """
    height, width = size
    picture = [line.format(height=height, width=width) for line in _PICTURE]
    end = [
        'labels = open("labels.txt", encoding="utf-8").read().splitlines()',
        "print(labels[p.argmax()], p.max())",
    ]
    imports = ["import numpy as np", "from PIL import Image"]
    match chosen:
        case ExportFormat.SAVED_MODEL | ExportFormat.TF_TRT:
            first = "import tensorflow as tf"
            middle = [
                f'model = tf.saved_model.load("{artifact}").signatures["serving_default"]',
                'p = model(images=np.float32(pixels) / 255)["probabilities"][0].numpy()',
            ]
        case ExportFormat.ONNX:
            first = "import onnxruntime"
            middle = [
                f'session = onnxruntime.InferenceSession("{artifact}")',
                'p = session.run(["probabilities"], {"images": np.float32(pixels) / 255})[0][0]',
            ]
        case ExportFormat.TENSORRT:
            return [
                "from predict import Classifier",
                "from picture import read_picture",
                "",
                'model = Classifier(".")',
                'pixels = read_picture("photo.jpg", model.size, model.fit)',
                "p = model.probabilities(pixels[None])[0]",
                "print(model.labels[p.argmax()], p.max())",
            ]
        case _:
            first = "from ai_edge_litert.interpreter import Interpreter"
            is_int8 = chosen is ExportFormat.TFLITE_INT8
            scaled = "pixels" if is_int8 else "np.float32(pixels) / 255"
            unscaled = " / np.float32(256)" if is_int8 else ""
            middle = [
                f'classify = Interpreter("{artifact}").get_signature_runner()',
                f'p = classify(images={scaled})["probabilities"][0]{unscaled}',
            ]
    return [first, *imports, "", *picture, *middle, *end]
