"""How a command ends: its exit code, and one line for an expected error."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from core.cli.output import EXIT_FAILED, EXIT_INTERRUPTED, complain, discard_output
from core.errors import FieldguideError
from core.storage.storage_message import reason_of, storage_message


def exit_code_of(command: Callable[[], int]) -> int:
    """Carry out a command.

    Returns:
        Its exit code; 1 after an expected error, printed in one line on standard error; 130 when
        interrupted.
    """
    try:
        code = command()
        sys.stdout.flush()
        return code
    except FieldguideError as error:
        complain(str(error))
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of the output has closed it.
        discard_output()
        return EXIT_FAILED
    except OSError as error:
        # No room for the output, a path longer than the system takes.
        discard_output()
        complain(_message(error))
        return EXIT_FAILED


def _message(error: OSError) -> str:
    if error.filename is None:
        return f"Can't read or write: {reason_of(error)}. Is there room where the output goes?"
    return storage_message("use", Path(os.fsdecode(error.filename)), error)
