"""Set up Pillow with the formats that are wanted and no others, and without warnings."""

from __future__ import annotations

import importlib
import re
import threading
import warnings

from PIL import Image

from .image_formats import ImageFormat, formats_of
from .unreadable import UnreadableError

_PILLOW_MODULES = r"(PIL|pi_heif)\b"
_WARNING_FILTER = ("ignore", None, Warning, re.compile(_PILLOW_MODULES), 0)

_MOST_TEXT_BYTES = 64 << 20
_CODEC = re.compile(r"'(\w+)' from 'imagecodecs'")

_setup_lock = threading.Lock()
_ready: set[str] = set()


def prepare_pillow(content: bytes) -> tuple[str, ...]:
    """Load what decoding `content` needs; thread-safe, and nearly free after the first call.

    Plugins are imported when they are needed: all of them together take longer than a
    photograph takes to decode.

    Returns:
        The formats as which it may be opened, by the names of the table; none if it is no image.

    Raises:
        UnreadableError: If the package is missing that reads the only such format.
    """
    _silence_pillow()
    names: list[str] = []
    missing: list[UnreadableError] = []
    for each in formats_of(content):
        try:
            _load_once(each)
            names.append(each.name)
        except ImportError:
            missing.append(UnreadableError("NEEDS_PACKAGE", each.name, each.package))
    if missing and not names:
        raise missing[0]
    return tuple(names)


def missing_reader(content: bytes) -> UnreadableError | None:
    """The reason if a package is missing that may read a file which no other could."""
    for each in formats_of(content):
        if each.name not in _ready:
            return UnreadableError("NEEDS_PACKAGE", each.name, each.package)
        # Of a format that was left out when Pillow was built it says so in words.
        accepts = Image.OPEN[each.name][1] if each.name in Image.OPEN else None
        if accepts is not None and isinstance(accepts(content[:16]), str):
            return UnreadableError("NEEDS_PACKAGE", each.name, f"Pillow with {each.name}")
    return None


def missing_part(content: bytes, error: ImportError) -> UnreadableError:
    """The reason if a package is there, but was built without a part that a file asks for."""
    (name, *_) = (each.name for each in formats_of(content))
    package = "imagecodecs"
    if codec := _CODEC.search(str(error)):
        package = f"imagecodecs with {codec.group(1)}"
    elif error.name and error.name.startswith("PIL."):
        package = f"Pillow with {error.name[4:]}"
    return UnreadableError("NEEDS_PACKAGE", name, package)


def load_plugin(image_format: ImageFormat) -> None:
    """Import the plugin of a format, and register it with Pillow if it has to be asked for that."""
    if not image_format.plugin:
        return
    plugin = importlib.import_module(image_format.plugin)
    if image_format.register:
        getattr(plugin, image_format.register)()
    if image_format.name == "PNG":
        # Programs that make images keep their settings in text of a megabyte and more.
        for name in ("MAX_TEXT_CHUNK", "MAX_TEXT_MEMORY"):
            setattr(plugin, name, _MOST_TEXT_BYTES)


def _load_once(image_format: ImageFormat) -> None:
    if image_format.name not in _ready:
        with _setup_lock:
            load_plugin(image_format)
            _ready.add(image_format.name)


def _silence_pillow() -> None:
    """Suppress Pillow's warnings about unusual files.

    `warnings.catch_warnings` is not safe with threads, so the filter stays. It is checked
    each time, since a test runner or a library may have reset the list.
    """
    if not warnings.filters or warnings.filters[0] != _WARNING_FILTER:
        warnings.filterwarnings("ignore", module=_PILLOW_MODULES)
