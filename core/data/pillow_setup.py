"""Set up Pillow with the formats that are wanted and no others, and without warnings."""

import importlib
import re
import threading
import warnings

from core.data.image_formats import ImageFormat, formats_of

_PILLOW_MODULES = r"(PIL|pi_heif)\b"
_WARNING_FILTER = ("ignore", None, Warning, re.compile(_PILLOW_MODULES), 0)

_setup_lock = threading.Lock()
_ready: set[str] = set()


def prepare_pillow(content: bytes) -> tuple[str, ...]:
    """Load what decoding `content` needs; thread-safe, and nearly free after the first call.

    Plugins are imported when they are needed: all of them together take longer than a
    photograph takes to decode.

    Returns:
        The formats as which it may be opened, by Pillow's names; none if it is no image.
    """
    _silence_pillow()
    formats = formats_of(content)
    for each in formats:
        if each.name not in _ready:
            with _setup_lock:
                load_plugin(each)
                _ready.add(each.name)
    return tuple(each.name for each in formats)


def load_plugin(image_format: ImageFormat) -> None:
    """Import the plugin of a format, and register it with Pillow if it has to be asked for that."""
    plugin = importlib.import_module(image_format.plugin)
    if image_format.register:
        getattr(plugin, image_format.register)()


def _silence_pillow() -> None:
    """Suppress Pillow's warnings about unusual files.

    `warnings.catch_warnings` is not safe with threads, so the filter stays. It is checked
    each time, since a test runner or a library may have reset the list.
    """
    if not warnings.filters or warnings.filters[0] != _WARNING_FILTER:
        warnings.filterwarnings("ignore", module=_PILLOW_MODULES)
