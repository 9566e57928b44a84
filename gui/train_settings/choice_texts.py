"""The titles of settings' choices in the user's language."""

from enum import StrEnum

from core.settings.choice_titles import choice_title
from gui.look.language import shown


def choice_text(choice: StrEnum) -> str:
    """Return the title of a choice."""
    return shown(choice_title(choice))
