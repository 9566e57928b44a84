"""Class names for files that hold one a line."""


def one_line_label(label: str) -> str:
    """A label as valid Unicode without line breaks; what can't be in a line is escaped."""
    text = label.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("\r", "\\r").replace("\n", "\\n")
