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
    return {
        "backbone": SettingText(
            tr("Backbone"), "", tr("What turns a picture into numbers; trained on 1,000 kinds.")
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
        "seed": SettingText(tr("Seed"), "", tr("Same seed, same pictures: same model."), learning),
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
    }
