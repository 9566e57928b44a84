"""What the settings of a training are called and mean, for people."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication


@dataclass(frozen=True, slots=True)
class SettingText:
    """Words for one field of `TrainConfig`.

    Attributes:
        name: Its label.
        unit: What its number counts; "" for none.
        explanation: One plain line.
        group: Heading that it stands under; "" for those that are always seen.
    """

    name: str
    unit: str
    explanation: str
    group: str = ""


def setting_texts() -> dict[str, SettingText]:
    """The texts by field name, in the order of the form."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("SettingText", text)

    learning, caution, data = tr("How it learns"), tr("Against overfitting"), tr("Pictures")
    tuning, changes = tr("Fine-tuning"), tr("Augmentation")
    computer = tr("Device")
    return {
        "backbone": SettingText(tr("Backbone"), "", tr("What turns a picture into numbers.")),
        "fine_tune": SettingText(
            tr("Mode"),
            "",
            tr("Fast trains a new last layer; fine-tuning the backbone too: slower, often better."),
        ),
        "fine_tune_epochs": SettingText(
            tr("Fine-tuning epochs"), tr("passes"), tr("Passes with the backbone unfrozen."), tuning
        ),
        "fine_tune_learning_rate": SettingText(
            tr("Fine-tuning rate"), "", tr("Learning rate with the backbone unfrozen."), tuning
        ),
        "fine_tune_share": SettingText(
            tr("Layers"), tr("share"), tr("Share of the layers trained, from the end."), tuning
        ),
        "train_batch_norm": SettingText(
            tr("Batch norm"), "", tr("Follows your pictures; needs large batches."), tuning
        ),
        "weight_decay": SettingText(
            tr("Weight decay"), tr("weight"), tr("Pulls the backbone's weights to zero."), tuning
        ),
        "mixed_precision": SettingText(
            tr("Mixed precision"), "", tr("Half precision on a GPU: faster, less memory."), tuning
        ),
        "epochs": SettingText(
            tr("Epochs"), tr("passes"), tr("How often all training pictures are gone through.")
        ),
        "batch_size": SettingText(
            tr("Batch size"), tr("pictures"), tr("Pictures that are looked at before each step.")
        ),
        "learning_rate": SettingText(
            tr("Learning rate"), "", tr("How large the steps are. Too large never settles.")
        ),
        "optimizer": SettingText(
            tr("Optimizer"), "", tr("The rule by which steps are made."), learning
        ),
        "schedule": SettingText(
            tr("Schedule"), "", tr("How the learning rate falls over the run."), learning
        ),
        "early_stopping_patience": SettingText(
            tr("Patience"),
            tr("epochs"),
            tr("Stops when validation hasn't improved for so long; 0 trains all epochs."),
            learning,
        ),
        "hidden_units": SettingText(
            tr("Hidden units"), tr("units"), tr("Width of an extra layer; 0 for none."), learning
        ),
        "gradient_clip": SettingText(
            tr("Gradient clipping"),
            tr("norm"),
            tr("Largest step's slope; 0 for no limit."),
            learning,
        ),
        "ema": SettingText(
            tr("Weight averaging"),
            tr("decay"),
            tr("Keeps a moving average of the weights, such as 0.99; 0 for none."),
            learning,
        ),
        "dropout": SettingText(
            tr("Dropout"), tr("share"), tr("Share of the numbers left out at random."), caution
        ),
        "l2": SettingText(
            tr("L2"), tr("weight"), tr("How strongly large weights are held down."), caution
        ),
        "label_smoothing": SettingText(
            tr("Label smoothing"),
            tr("share"),
            tr("How much a label is doubted; helps with wrong labels."),
            caution,
        ),
        "flip": SettingText(tr("Flip"), "", tr("Mirrors pictures at random."), changes),
        "rotation": SettingText(
            tr("Rotation"), tr("degrees"), tr("Turns pictures by at most so much."), changes
        ),
        "zoom": SettingText(
            tr("Zoom"), tr("share"), tr("Scales pictures by at most so much."), changes
        ),
        "shift": SettingText(
            tr("Shift"), tr("share"), tr("Moves pictures by at most so much."), changes
        ),
        "crop": SettingText(
            tr("Crop"), tr("share"), tr("Cuts away at most so much of the area."), changes
        ),
        "brightness": SettingText(
            tr("Brightness"), tr("share"), tr("Lightens or darkens by at most so much."), changes
        ),
        "contrast": SettingText(
            tr("Contrast"), tr("share"), tr("Changes contrast by at most so much."), changes
        ),
        "color": SettingText(
            tr("Colour"), tr("share"), tr("Changes saturation by at most so much."), changes
        ),
        "cutout": SettingText(
            tr("Cutout"), tr("share"), tr("Hides a square with sides of this share."), changes
        ),
        "mixup": SettingText(
            tr("Mixup"),
            tr("alpha"),
            tr("Blends pairs of pictures, such as 0.2; 0 for none."),
            changes,
        ),
        "augmented_copies": SettingText(
            tr("Copies"), tr("a picture"), tr("Changed copies that the head learns from."), changes
        ),
        "class_weights": SettingText(
            tr("Class weights"), "", tr("Balanced: rare classes count more."), data
        ),
        "fit": SettingText(tr("Fit"), "", tr("How a picture of any shape becomes a square."), data),
        "validation_split": SettingText(
            tr("Validation"), tr("share"), tr("Pictures that choose the best epoch."), data
        ),
        "test_split": SettingText(
            tr("Test"), tr("share"), tr("Pictures that only measure the result; 0 for none."), data
        ),
        "seed": SettingText(tr("Seed"), "", tr("Same seed, same pictures: same model."), data),
        "device": SettingText(
            tr("Device"), "", tr("What computes. Auto takes a GPU where there is one."), computer
        ),
    }
