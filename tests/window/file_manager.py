"""Real Thunar and PCManFM in a session: a folder is opened, the entry in the menu is chosen."""

from pathlib import Path

from tests.window.mouse import right_click, window_box
from tests.window.x_session import XSession

_PLACE = (0, 20, 800, 600)
# In both file managers, with and without their warning to the superuser.
_FIRST_ICON = (215, 165)
_BOX = (190, 130, 240, 200)
# Their menus have no names for assistive technology: the entry is the last but one.
_ENTRY_ABOVE_BOTTOM = 42


def open_folder(session: XSession, manager: str, folder: Path) -> None:
    """Open the folder in a window, and wait until its first icon is drawn."""
    # libatspi waits for itself when two programs tell of changes at once.
    session.start(manager, manager, folder, NO_AT_BRIDGE="1")
    session.place(session.window(f"^{folder.name}"), *_PLACE)
    while len(session.grab(_BOX).getcolors(maxcolors=100_000) or ()) < 20:
        session.call("sleep", "0.2")


def right_click_first(session: XSession) -> None:
    """Open the menu of the first thing in the folder, or of all that is selected."""
    right_click(session, *_FIRST_ICON)


def choose_entry(session: XSession, manager: str, *, image: Path) -> None:
    """Click on the entry in the menu that shows; keep an image of it."""
    search = ("xdotool", "search", "--onlyvisible", "--class", manager)
    while len(windows := session.call(*search).split()) < 2:
        session.call("sleep", "0.2")
    # The menu is a window too, the smaller one and the only one that is not at the border.
    boxes = [window_box(session, window) for window in windows]
    left, top, width, height = max(boxes, key=lambda box: box[0])
    session.call("sleep", "0.5")
    session.screenshot(image)
    x, y = left + width // 2, top + height - _ENTRY_ABOVE_BOTTOM
    session.call("xdotool", "mousemove", str(x), str(y), "sleep", "0.3", "click", "1")
