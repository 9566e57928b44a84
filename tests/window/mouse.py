"""A mouse that moves as a hand does; a drag out of a real file manager."""

from pathlib import Path

from tests.window.x_session import XSession

# Programs begin a drag after some pixels, and look where it is now and then only.
_FIRST_PIXELS = (3, 6, 9, 12, 15, 20, 25)
_STEPS = 15
_THUNAR_PLACE = (0, 20, 560, 480)
_FIRST_ICON = (230, 120)


def right_click(session: XSession, x: int, y: int) -> None:
    """Press the right button at a point of the screen."""
    session.call("xdotool", "mousemove", str(x), str(y), "sleep", "0.1", "click", "3")


def drag_from_file_manager(session: XSession, folder: Path, target: str) -> None:
    """Drag the one thing in `folder` out of a real Thunar into the middle of a window.

    Args:
        target: Id of the window.
    """
    session.start("thunar", "thunar", folder)
    window = session.window(f"^{folder.name} - Thunar")
    session.place(window, *_THUNAR_PLACE)
    # By its place: Thunar's icons have no names for assistive technology.
    left, top, _, _ = window_box(session, window)
    _drag(session, (left + _FIRST_ICON[0], top + _FIRST_ICON[1]), _middle(session, target))
    # Two programs that tell of their changes at once make libatspi wait for itself.
    session.call("thunar", "--quit")


def _middle(session: XSession, window: str) -> tuple[int, int]:
    left, top, width, height = window_box(session, window)
    return left + width // 2, top + height // 2


def window_box(session: XSession, window: str) -> tuple[int, int, int, int]:
    """Left, top, width and height of a window on the screen."""
    lines = session.call("xdotool", "getwindowgeometry", "--shell", window).splitlines()
    values = {name: int(value) for name, _, value in (line.partition("=") for line in lines)}
    return values["X"], values["Y"], values["WIDTH"], values["HEIGHT"]


def _drag(session: XSession, start: tuple[int, int], end: tuple[int, int]) -> None:
    (x, y), (end_x, end_y) = start, end
    points = [(x + pixels, y + pixels // 2) for pixels in _FIRST_PIXELS]
    last_x, last_y = points[-1]
    points += [
        (last_x + (end_x - last_x) * step // _STEPS, last_y + (end_y - last_y) * step // _STEPS)
        for step in range(1, _STEPS + 1)
    ]
    words = ["mousemove", str(x), str(y), "sleep", "0.3", "mousedown", "1", "sleep", "0.3"]
    for point in points:
        words += ["mousemove", *map(str, point), "sleep", "0.05"]
    session.call("xdotool", *words, "sleep", "0.5", "mouseup", "1", "sleep", "0.3")
