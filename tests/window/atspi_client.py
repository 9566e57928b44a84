"""Finds and uses controls as assistive technology does; for the system's own interpreter.

Usage: /usr/bin/python3 atspi_client.py REQUEST, a JSON object on the command line:

    name    accessible name, or object name, of a control that shows
    role    regular expression for its role, such as "button"; any by default
    action  "find", "press", "set", "tree", "wait", "wait enabled" or "popup"
    value   what to set, or the regular expression that a text below must match ("wait")
    seconds how long to wait for it, 20 by default

Prints one JSON object about the control: name, role, text, description, value, box (x, y,
width, height on the screen), enabled; for "tree", "wait" and "popup" a list of all that shows
under it. Exits with 1 and one line if it isn't there.

"popup" is as "wait", for what Qt lists nowhere: popups. It prints "ready" first and then
listens for one to be shown, as a screen reader does.
"""

import json
import re
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

_PAUSE_SECONDS = 0.2
_STUCK_AFTER_SECONDS = 4
_MOST_CHILDREN = 400
_DEEPEST = 40


def walk(node: Any, depth: int = 0) -> Iterator[Any]:
    """The control and all under it that show."""
    try:
        if node is None or depth > _DEEPEST or (depth > 1 and not shows(node)):
            return
        yield node
        for index in range(min(node.get_child_count(), _MOST_CHILDREN)):
            yield from walk(node.get_child_at_index(index), depth + 1)
    except GLib.Error:
        return  # It went away while it was looked at.


def applications() -> list[Any]:
    """The running programs, of which nothing is remembered: they don't tell all changes."""
    desktop = Atspi.get_desktop(0)
    found = [desktop.get_child_at_index(index) for index in range(desktop.get_child_count())]
    for application in found:
        application.set_cache_mask(Atspi.Cache.NONE)
    return found


def shows(node: Any) -> bool:
    return bool(node.get_state_set().contains(Atspi.StateType.SHOWING))


def find(name: str, role: str) -> Any:
    for application in applications():
        for node in walk(application):
            if is_called(node, name) and re.search(role, node.get_role_name()):
                return node
    return None


def is_called(node: Any, name: str) -> bool:
    """Whether a control has this name, or its object name ends in it."""
    if node.get_name() == name:
        return True
    return bool((node.get_accessible_id() or "").rpartition(".")[2] == name)


def describe(node: Any) -> dict[str, Any]:
    box = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN) if node else None
    return {
        "name": node.get_name(),
        "role": node.get_role_name(),
        "text": text_of(node),
        "description": node.get_description() or "",
        "value": value_of(node),
        "box": [box.x, box.y, box.width, box.height] if box else None,
        "enabled": bool(node.get_state_set().contains(Atspi.StateType.ENABLED)),
    }


def text_of(node: Any) -> str:
    text = node.get_text_iface()
    if text is None:
        return str(node.get_name() or "")
    return str(Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text)))


def value_of(node: Any) -> float | None:
    value = node.get_value_iface()
    return None if value is None else float(value.get_current_value())


def set_value(node: Any, wanted: str | float) -> None:
    value = node.get_value_iface()
    if value is not None:
        value.set_current_value(float(wanted))
    else:
        node.get_editable_text_iface().set_text_contents(str(wanted))


def act(request: dict[str, Any]) -> Any:
    """Carry out a request on a control that shows; None if it isn't there (yet)."""
    node = find(request["name"], request.get("role", ""))
    if node is None:
        return None
    match request["action"]:
        case "press":
            described = describe(node)
            node.get_action_iface().do_action(0)
            return described
        case "set":
            set_value(node, request["value"])
            return describe(node)
        case "tree" | "wait":
            return matching_tree(node, request)
        case "wait enabled":
            described = describe(node)
            return described if described["enabled"] else None
        case _:
            return describe(node)


def matching_tree(node: Any, request: dict[str, Any]) -> list[dict[str, Any]] | None:
    """All that shows under a control, if one of the texts matches."""
    found = [describe(child) for child in walk(node)]
    pattern = re.compile(request.get("value", ""))
    texts = (each[key] for each in found for key in ("text", "name", "description"))
    return found if any(pattern.search(text or "") for text in texts) else None


def watch_popup(request: dict[str, Any]) -> None:
    """Wait for the popup to show, then for its text."""
    popups: list[Any] = []

    def on_shown(event: Any, *_: Any) -> None:
        if is_called(event.source, request["name"]):
            popups[:] = [event.source]

    def look() -> bool:
        if not popups:
            return True
        found = matching_tree(popups[0], request)
        if found:
            sys.stdout.write(json.dumps(found) + "\n")
            Atspi.event_quit()
        return not found

    applications()
    listener = Atspi.EventListener.new(on_shown)
    listener.register("object:state-changed:showing")
    GLib.timeout_add(int(1000 * _PAUSE_SECONDS), look)
    GLib.timeout_add_seconds(request.get("seconds", 20), Atspi.event_quit)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    Atspi.event_main()


def main() -> None:
    # Milliseconds for an answer, also of a program that has just started: then it is asked again.
    Atspi.set_timeout(2000, 2000)
    request = json.loads(sys.argv[1])
    if request["action"] == "popup":
        watch_popup(request)
        return
    deadline = time.monotonic() + request.get("seconds", 20)
    while True:
        # libatspi can wait for itself when a message comes while it asks for something
        # (dbus_connection_dispatch within itself); whoever called asks anew then.
        signal.alarm(_STUCK_AFTER_SECONDS)
        try:
            answer = act(request)
        except GLib.Error as error:
            answer = None
            sys.stderr.write(f"{error}\n")
        if answer is not None:
            sys.stdout.write(json.dumps(answer))
            return
        if time.monotonic() > deadline:
            sys.exit(f"not there: {request}")
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    main()
