"""What an artifact takes, in the words of the cards."""

from core.models.model_info import ModelInfo


def pixels_taken(info: ModelInfo) -> str:
    """The input of artifacts that take floating-point numbers."""
    height, width = info.input_size
    return f"`images`, float32 `(batch, {height}, {width}, 3)`, RGB in [0, 1]"
