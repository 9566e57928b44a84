"""A shell script as Nautilus and Caja start it: in the folder, with names as arguments."""

import os

from core.integration.quoting import shell_words

_SCRIPT = """\
#!/bin/sh
# Made by Fieldguide: the entry “Classify with Fieldguide”.
# `fieldguide integrate remove {name}` takes it away.
if [ "$#" -eq 0 ]; then
  # Older versions name the selection here only, a line each.
  set -f
  IFS='
'
  # shellcheck disable=SC2086
  set -- ${{{variable}-}}
fi
exec {command} "$@"
"""


def selection_script(command: tuple[str, ...], name: str, variable: str) -> bytes:
    """The script's bytes.

    Args:
        command: The words before the files.
        name: Of the entry.
        variable: Of the environment, in which the selection stands too.
    """
    text = _SCRIPT.format(name=name, variable=variable, command=shell_words(command))
    return os.fsencode(text) if os.name == "posix" else text.encode()
