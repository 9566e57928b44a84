"""A shell script as Nautilus and Caja start it, with what is selected in its environment."""

import os

from core.file_managers.quoting import shell_words

# The arguments would be simpler, but both programs expand field codes in them: of a name with
# `%F` in it those two signs are lost. Names may hold line breaks, their URIs don't.
_SCRIPT = r"""#!/bin/sh
# Made by Fieldguide: the entry “Classify with Fieldguide”.
# `fieldguide integrate remove {name}` takes it away.
words=$(printf '%s\n' "${{{variable}_SCRIPT_SELECTED_URIS-}}" | LC_ALL=C awk -v quote="'" '
  BEGIN {{
    for (byte = 1; byte < 256; byte++) sign[sprintf("%02X", byte)] = sprintf("%c", byte)
  }}
  sub(/^file:\/\//, "") {{
    path = ""
    while ((at = index($0, "%")) > 0) {{
      path = path substr($0, 1, at - 1) sign[toupper(substr($0, at + 1, 2))]
      $0 = substr($0, at + 3)
    }}
    count = split(path $0, parts, quote)
    word = parts[1]
    for (part = 2; part <= count; part++) word = word quote "\\" quote quote parts[part]
    printf "%s ", quote word quote
  }}')
eval "set -- $words"
if [ "$#" -eq 0 ]; then
  # Nothing of it is a file of this computer.
  exit 1
fi
exec {command} "$@"
"""


def selection_script(command: tuple[str, ...], name: str, variable: str) -> bytes:
    """The script's bytes.

    Args:
        command: The words before the files.
        name: Of the entry.
        variable: What the names of the file manager's variables begin with.
    """
    text = _SCRIPT.format(name=name, variable=variable, command=shell_words(command))
    return os.fsencode(text) if os.name == "posix" else text.encode()
