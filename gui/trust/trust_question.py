"""The question whether to use a model that may do more than compute."""

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from core.backbones.refusal import Refusal
from gui.look.language import tr
from gui.widgets.plain_text import show_plainly


def trust_question(
    window: QWidget, refusal: Refusal, use_anyway: Callable[[], object]
) -> QMessageBox:
    """Ask, and say what a yes means; the answer of those who just press Enter is no.

    Args:
        use_anyway: Called with a yes.
    """
    box = QMessageBox(window)
    box.setObjectName("Trust model")
    box.setWindowTitle(tr("Use a model from elsewhere"))
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(tr("“%1” may do more than compute.", refusal.name))
    findings = "\n".join(f"• {finding}" for finding in refusal.shown())
    box.setInformativeText(
        tr(
            "A model that turns pictures into numbers has no need of what this one holds:\n\n%1\n\n"
            "Such operations can read, change or send your files, as a program can. Nothing of "
            "the model was run. Use it only if you know where it comes from and trust its makers. "
            "The answer is remembered for exactly these files.",
            findings,
        )
    )
    show_plainly(box)
    use = box.addButton(tr("Use it anyway"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    use.clicked.connect(lambda _checked=False: use_anyway())
    box.finished.connect(box.deleteLater)
    box.open()
    return box


def refusal_text(refusal: Refusal) -> str:
    """What was refused and why, in a sentence or two."""
    text = tr("%1 was not run: its SavedModel holds operations that may do more than compute (%2).")
    return text.replace("%1", refusal.name).replace("%2", "; ".join(refusal.shown()))
