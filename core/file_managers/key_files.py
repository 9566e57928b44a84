"""Files of groups, keys and values, as desktops use them."""

from collections.abc import Mapping

FOLDER_TYPE = "inode/directory"
"""The MIME type of folders."""

_NOTE = (
    "# Made by Fieldguide: the entry “Classify with Fieldguide”.\n"
    "# `fieldguide integrate remove` takes it away.\n"
)


def key_file(groups: Mapping[str, Mapping[str, str]]) -> bytes:
    """The file's bytes; values are escaped already where they need it."""
    texts = [
        "\n".join([f"[{group}]", *(f"{key}={value}" for key, value in values.items())]) + "\n"
        for group, values in groups.items()
    ]
    return (_NOTE + "\n".join(texts)).encode()


def listed(values: tuple[str, ...]) -> str:
    """Several values of one key."""
    return "".join(f"{value};" for value in values)
