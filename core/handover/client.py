"""Hand images over to a running Fieldguide.

Without Qt, whose import alone would take three times as long as all of this.
"""

import socket
import sys
import time
from enum import Enum, auto
from pathlib import Path

from core.handover.instance_lock import InstanceLock
from core.handover.message import ACCEPTED, HandOver
from core.handover.place import Role, address_of

_ANSWER_SECONDS = 10.0
_START_SECONDS = 10.0
_RETRY_SECONDS = 0.02
# A process that ends drops a call once, one of another version drops each.
_MOST_DROPPED = 3


class Outcome(Enum):
    """The result of a hand-over.

    Attributes:
        ACCEPTED: The other process shows the images.
        ABSENT: No process listens.
        DROPPED: The process closed the connection without an answer: it is about to end, or
            doesn't understand the message.
        SILENT: A process listens, but doesn't answer.
    """

    ACCEPTED = auto()
    ABSENT = auto()
    DROPPED = auto()
    SILENT = auto()


def hand_over(address: str, message: bytes, seconds: float | None = None) -> Outcome:
    """Send a message to the process that listens at an address, and wait for its answer.

    Args:
        seconds: How long to wait; by default as long as a busy window may take.
    """
    try:
        if sys.platform == "win32":
            answer = _ask_pipe(address, message)
        else:
            answer = _ask_socket(address, message, seconds or _ANSWER_SECONDS)
    except TimeoutError:
        return Outcome.SILENT
    except (ConnectionResetError, BrokenPipeError):
        return Outcome.DROPPED
    except OSError:
        return Outcome.ABSENT
    return Outcome.ACCEPTED if answer == ACCEPTED else Outcome.DROPPED


def hand_over_or_claim(request: HandOver) -> tuple[bool, InstanceLock | None]:
    """Let a running Fieldguide show the images, or take the lock to become the running one.

    An instance with a quick window comes first, so that there is one such window.

    Returns:
        Whether the images were handed over; if not, the lock of the address of quick windows,
        or None if another process holds it and doesn't answer.
    """
    message = request.to_bytes()
    quick, main = address_of(Role.QUICK), address_of(Role.MAIN)
    deadline = time.monotonic() + _START_SECONDS
    num_dropped = 0
    while True:
        outcome = hand_over(quick, message)
        if outcome is Outcome.ACCEPTED or hand_over(main, message) is Outcome.ACCEPTED:
            return True, None
        num_dropped += outcome is Outcome.DROPPED
        is_hopeless = outcome is Outcome.SILENT or num_dropped > _MOST_DROPPED
        lock = InstanceLock.try_take(quick)
        if lock is not None or is_hopeless or time.monotonic() > deadline:
            return False, lock
        # The process that holds it has only just started, or is about to end.
        time.sleep(_RETRY_SECONDS)


def _ask_socket(address: str, message: bytes, seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        while True:
            try:
                connection.connect(address)
                break
            except BlockingIOError:
                # More callers at once than the system's queue holds.
                if time.monotonic() > deadline:
                    raise TimeoutError from None
                time.sleep(_RETRY_SECONDS)
        connection.sendall(message)
        answer = b""
        while len(answer) < len(ACCEPTED):
            connection.settimeout(max(_RETRY_SECONDS, deadline - time.monotonic()))
            piece = connection.recv(len(ACCEPTED) - len(answer))
            if not piece:
                break
            answer += piece
        return answer


def _ask_pipe(address: str, message: bytes) -> bytes:
    """A named pipe, as Qt's local server makes it on Windows."""
    with Path(rf"\\.\pipe\{address}").open("r+b", buffering=0) as pipe:
        pipe.write(message)
        return pipe.read(len(ACCEPTED))
