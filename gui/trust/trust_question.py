"""The question whether to use a model that may do more than compute."""

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from core.backbones.refusal import Refusal
from gui.look.language import shown, tr
from gui.widgets.confirmation import ask_to_confirm


def trust_question(
    window: QWidget, refusal: Refusal, use_anyway: Callable[[], object]
) -> QMessageBox:
    """Ask whether to use a model, and explain the risk; Enter alone means no.

    Args:
        use_anyway: Called if the user agrees.
    """
    findings = "\n".join(f"• {shown(finding)}" for finding in refusal.shown())
    return ask_to_confirm(
        window,
        name="Trust model",
        title=tr("Use an untrusted model"),
        icon=QMessageBox.Icon.Warning,
        question=tr("“%1” may do more than compute.", refusal.name),
        explanation=tr(
            "It contains operations that a model for pictures does not need:\n\n%1\n\n"
            "Like a program, they can read, change or send your files. Nothing of the model was "
            "run. Use it only if you know where it comes from and trust its authors. Your answer "
            "is remembered for exactly these files.",
            findings,
        ),
        confirm=tr("Use it anyway"),
        refuse=tr("Cancel"),
        on_confirmed=use_anyway,
    )


def refusal_text(refusal: Refusal) -> str:
    """Return a text that tells which model was refused and why."""
    return tr(
        "%1 was not run: its SavedModel contains operations that may do more than compute (%2).",
        refusal.name,
        "; ".join(map(shown, refusal.shown())),
    )
