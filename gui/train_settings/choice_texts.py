"""The titles of settings' choices in the user's language."""

from core.choice import Choice
from gui.look.language import shown


def choice_text(choice: Choice) -> str:
    """Return the title of a choice."""
    return shown(choice.text)
