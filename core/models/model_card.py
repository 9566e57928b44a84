"""The `README.md` of a model folder: what the model is, for whoever finds it."""

from core.data.dataset import Split
from core.evaluation.figure_words import VALIDATION_NOTE, note_sentences, percent_text
from core.evaluation.measured_figures import MeasuredFigures
from core.evaluation.unknown import KEPT_SHARE
from core.models.model_info import ModelInfo, SplitResult
from core.models.one_line_label import label_lines
from core.plain_text import markdown_text


def model_card(info: ModelInfo) -> str:
    """Markdown text that describes a model."""
    lines = [
        f"# {markdown_text(info.name)}",
        "",
        f"An image classifier for {len(info.labels)} classes, trained with {made_with(info)}.",
        "",
        "## Classes",
        "",
        *class_rows(info),
        "",
        "## Results",
        "",
        *result_rows(info),
        "",
        *_unknown_rows(info),
        "## How it was made",
        "",
        f"- backbone: {markdown_text(info.backbone)}, "
        f"input {info.input_size[1]}×{info.input_size[0]} pixels, fit: {info.fit}, "
        f"{'fine-tuned on these pictures' if info.is_fine_tuned else 'frozen'}",
        f"- temperature of the calibration, part of the weights: {info.temperature:.3f}",
        f"- pictures: SHA-256 {markdown_text(info.dataset_fingerprint)}",
        *setting_rows(info),
        "",
        "## Files",
        "",
        "- `model.tflite`: LiteRT, from float32 RGB images in [0, 1] to probabilities",
        "- `saved_model/`: TensorFlow; `serving_default` takes the same images, `serving_bytes` "
        "takes whole JPEG, PNG, GIF or BMP files",
        "- `labels.txt`: class names in the order of the outputs, `model.json`: all of the above",
        "",
        "```python",
        *_example(info),
        "```",
        "",
        "`serving_bytes` decodes in TensorFlow, which passes over a photograph's EXIF "
        "orientation: turn such files upright first, or use `fieldguide classify`.",
        "",
    ]
    return "\n".join(lines)


def class_rows(info: ModelInfo) -> list[str]:
    """A Markdown list of the classes, a line each, in the order of the outputs."""
    return [f"- {markdown_text(line)}" for line in label_lines(info.labels)]


def setting_rows(info: ModelInfo) -> list[str]:
    """A Markdown list of the run's settings and of the versions that it ran with."""
    settings = [(name, value) for name, value in info.config.items() if name != "schema"]
    return [
        *(f"- {markdown_text(name)}: {markdown_text(str(value))}" for name, value in settings),
        *(f"- {markdown_text(f'{name} {version}')}" for name, version in info.versions.items()),
    ]


def made_with(info: ModelInfo) -> str:
    """The program that trained it, and the day."""
    version = info.versions.get("fieldguide", "")
    return markdown_text(f"Fieldguide {version} on {info.created[:10]}")


def result_rows(info: ModelInfo) -> list[str]:
    """Markdown tables of the model's results on its own splits, and what they mean."""
    figures = info.figures()
    return [
        "| split | pictures | accuracy | 95 % interval |",
        "|---|---|---|---|",
        f"| training | {info.num_training} | | |",
        _row("validation (chose the epoch)", info.validation),
        *([_row("test (no part in training)", info.test)] if info.test else []),
        *([] if info.test else ["", "No pictures were set aside for a test."]),
        *(_class_rows(figures) if figures is not None else []),
    ]


def _class_rows(figures: MeasuredFigures) -> list[str]:
    """What accuracy alone would hide, of the split that is the most honest."""
    split = figures.measured_on
    notes = [f"- {markdown_text(sentence)}" for sentence in note_sentences(figures)]
    return [
        "",
        *_summary(figures),
        "",
        f"| class | {split} pictures | recall |",
        "|---|---|---|",
        *(
            f"| {markdown_text(label)} | {count} | {percent_text(recall)} |"
            for label, recall, count in figures.measured_classes()
        ),
        *(f"| {markdown_text(label)} | 0 | – |" for label in figures.unmeasured_classes()),
        *(["", *notes] if notes else []),
    ]


def _summary(figures: MeasuredFigures) -> list[str]:
    lines = []
    if figures.balanced_accuracy is not None:
        note = f"; {VALIDATION_NOTE}" if figures.measured_on is Split.VALIDATION else ""
        share = percent_text(figures.balanced_accuracy)
        lines.append(f"- balanced accuracy: {share} (mean recall of the classes{note})")
    if figures.majority_label is not None and figures.majority_accuracy is not None:
        label = markdown_text(figures.majority_label)
        lines.append(
            f"- majority baseline: {percent_text(figures.majority_accuracy)} (accuracy of always "
            f"answering “{label}”, the class with the most training pictures)"
        )
    return lines


def _unknown_rows(info: ModelInfo) -> list[str]:
    if not info.unknown_threshold:
        return []
    return [
        f"An answer below {100 * info.unknown_threshold:.1f} % is best taken for “unknown”: "
        f"{100 * KEPT_SHARE:.0f} % of the rightly named validation pictures are above it.",
        "",
    ]


def _row(name: str, result: SplitResult) -> str:
    low, high = result.interval
    return (
        f"| {name} | {result.num_images} | {100 * result.accuracy:.2f} % "
        f"| {100 * low:.1f}–{100 * high:.1f} % |"
    )


def _example(info: ModelInfo) -> list[str]:
    height, width = info.input_size
    return [
        "import numpy as np",
        "from ai_edge_litert.interpreter import Interpreter",
        "from PIL import Image",
        "",
        'labels = open("labels.txt", encoding="utf-8").read().splitlines()',
        'classify = Interpreter("model.tflite").get_signature_runner()',
        f'image = Image.open("photo.jpg").convert("RGB").resize(({width}, {height}), '
        "Image.Resampling.BILINEAR)",
        'probabilities = classify(images=np.float32(image)[None] / 255)["probabilities"][0]',
        "print(labels[probabilities.argmax()], probabilities.max())",
    ]
