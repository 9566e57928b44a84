"""Opens the quick window, here or in a running Fieldguide."""

import os

from core.cli.classify_arguments import WindowCall
from core.errors import FieldguideError
from core.handover.client import hand_over_or_claim
from core.handover.instance_lock import InstanceLock
from core.handover.message import Destination, HandOver
from core.handover.place import Role
from gui.display import say_without_display


def run(call: WindowCall) -> int:
    """Show images in a quick window.

    Returns:
        The exit code: 0 when another process accepted the files, or once the window is closed.
    """
    if say_without_display():
        return 1
    request = HandOver(
        show=Destination.QUICK_WINDOW,
        paths=call.paths,
        model=call.model,
        activation_token=os.environ.pop("XDG_ACTIVATION_TOKEN", ""),
    )
    try:
        is_taken, lock = hand_over_or_claim(request)
    except (FieldguideError, OSError):
        # No other process can be reached: a window of its own is always possible.
        is_taken, lock = False, None
    return 0 if is_taken else _show(request, lock)


def _show(request: HandOver, lock: InstanceLock | None) -> int:
    # Imported here: a call that hands its files over needs no Qt.
    from gui.application import run_application
    from gui.running_instance import RunningInstance

    def open_first(instance: RunningInstance) -> None:
        if lock is not None:
            instance.listen(Role.QUICK, lock)
        instance.take(request)

    return run_application(open_first)
