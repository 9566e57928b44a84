"""The `README.md` of a model folder, which describes the model."""

from core.data.dataset import Split
from core.evaluation.figure_words import VALIDATION_NOTE, note_sentences, percent_text
from core.evaluation.measured_figures import MeasuredFigures
from core.evaluation.unknown import KEPT_FRACTION
from core.models.model_info import ModelInfo, SplitResult
from core.models.one_line_label import label_lines
from core.models.predict_program import LOADING_EXAMPLE, OPTIONAL_PACKAGES
from core.plain_text import markdown_text
from core.settings.config import SETTINGS, TrainConfig
from core.settings.setting import Need, Stage
from core.settings.setting_words import value_text

_STORED_SETTINGS = {each.stored_as or name: each for name, each in SETTINGS.items()}
_TOLD_ELSEWHERE = ("schema", "backbone", "fit", "fine_tune")

SERVING_BYTES_LIMITS = (
    "`serving_bytes` decodes in TensorFlow: it passes over a photograph's EXIF orientation, so "
    "turn such files upright first, and its JPEG decoder makes slightly other pixels. All outputs "
    "have the batch as their first dimension: beside each picture's `probabilities` lie the class "
    "names, `labels`, in the same order."
)
"""What a user of the SavedModel has to know."""


def model_card(info: ModelInfo, *, has_litert: bool = True) -> str:
    """Markdown text that describes a model.

    Args:
        has_litert: Whether the folder holds a LiteRT file.
    """
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
        *(line for row in unknown_rows(info) for line in (row, "")),
        "## How it was made",
        "",
        f"- backbone: {markdown_text(info.backbone)}, "
        f"input {info.input_size[1]}×{info.input_size[0]} pixels, fit: {info.resize_mode}, "
        f"{'fine-tuned on these pictures' if info.is_fine_tuned else 'frozen'}",
        f"- temperature of the calibration, part of the weights: {info.temperature:.3f}",
        f"- pictures: SHA-256 {markdown_text(info.dataset_fingerprint)}",
        *setting_rows(info),
        "",
        *_files(has_litert=has_litert),
        "",
        "## How to use it",
        "",
        *usage_rows(),
        "",
        SERVING_BYTES_LIMITS,
        "",
    ]
    return "\n".join(lines)


def class_rows(info: ModelInfo) -> list[str]:
    """A Markdown list of the classes, a line each, in the order of the outputs."""
    return [f"- {markdown_text(line)}" for line in label_lines(info.labels)]


def setting_rows(info: ModelInfo) -> list[str]:
    """A Markdown list of the run's settings and of the versions that it ran with.

    Settings that had no part in it are left out, and those that the card tells elsewhere.
    """
    return [
        *(
            f"- {markdown_text(_setting_name(key))}: {markdown_text(_value_text(key, value))}"
            for key, value in info.config.items()
            if _is_told(key, info)
        ),
        *(f"- {markdown_text(f'{name} {version}')}" for name, version in info.versions.items()),
    ]


def _is_told(key: str, info: ModelInfo) -> bool:
    if key in _TOLD_ELSEWHERE:
        return False
    setting = _STORED_SETTINGS.get(key)
    if setting is None or info.is_fine_tuned:
        return True
    if setting.need is Need.STEPS and _is_exact(info):
        return False
    return setting.stage is not Stage.FINE_TUNING


def _is_exact(info: ModelInfo) -> bool:
    try:
        return TrainConfig.from_json_dict(info.config).is_exact
    except ValueError:  # of another version
        return False


def _setting_name(key: str) -> str:
    """A setting as the window names it; one of another version as it is stored."""
    setting = _STORED_SETTINGS.get(key)
    return setting.label if setting else key


def _value_text(key: str, value: object) -> str:
    return value_text(_STORED_SETTINGS.get(key), value)


def made_with(info: ModelInfo) -> str:
    """The program that trained it, and the day."""
    version = info.versions.get("fieldguide", "")
    return markdown_text(f"Fieldguide {version} on {info.created[:10]}")


def usage_rows(runs_on: str = "") -> list[str]:
    """Markdown text: how the program beside a model is run, and called from another one.

    Args:
        runs_on: Where alone it runs: "On a Mac".
    """
    command = "`python predict.py photo.jpg` gives the answer that Fieldguide gives."
    return [
        f"{f'{runs_on}, {command}' if runs_on else command} In a program of your own:",
        "",
        "```python",
        *LOADING_EXAMPLE,
        "```",
        "",
        "`read_picture` turns a photograph upright by its EXIF orientation, lays it over white "
        "where it is transparent, and brings it to the model's size as in training. A program "
        "that reads pictures in another way gets other answers for some of them.",
        "",
        OPTIONAL_PACKAGES,
    ]


def result_rows(info: ModelInfo) -> list[str]:
    """Markdown tables of the model's results on its own splits, and what they mean."""
    figures = info.figures()
    return [
        "| split | pictures | accuracy | 95% interval |",
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
        fraction = percent_text(figures.balanced_accuracy)
        lines.append(f"- balanced accuracy: {fraction} (mean recall of the classes{note})")
    if figures.majority_label is not None and figures.majority_accuracy is not None:
        label = markdown_text(figures.majority_label)
        lines.append(
            f"- majority baseline: {percent_text(figures.majority_accuracy)} (accuracy of always "
            f"answering “{label}”, the class with the most training pictures)"
        )
    return lines


def unknown_rows(info: ModelInfo) -> list[str]:
    """Markdown text about the probability below which an image is unknown, if one was learned."""
    if not info.unknown_threshold:
        return []
    return [
        f"An answer below {100 * info.unknown_threshold:.1f}% is best taken for “unknown”, as "
        f"Fieldguide and `predict.py` do: {100 * KEPT_FRACTION:.0f}% of the correctly classified "
        "validation pictures are above it. In a program of your own compare the probability with "
        "`model.unknown_threshold`.",
    ]


def _row(name: str, result: SplitResult) -> str:
    low, high = result.interval
    return (
        f"| {name} | {result.num_images} | {100 * result.accuracy:.2f}% "
        f"| {100 * low:.1f}–{100 * high:.1f}% |"
    )


def _files(*, has_litert: bool) -> list[str]:
    litert = "- `model.tflite`: LiteRT, from float32 RGB images in [0, 1] to probabilities"
    return [
        "## Files",
        "",
        *([litert] if has_litert else []),
        "- `saved_model/`: TensorFlow; `serving_default` takes the same images, `serving_bytes` "
        "takes whole JPEG, PNG, GIF or BMP files",
        "- `predict.py` with `picture.py`, `command_line.py` and `image_reading`: a program that "
        "classifies pictures with the model",
        "- `labels.txt`: class names in the order of the outputs, `model.json`: all of the above",
    ]
