"""Pasted or dropped content to classify: files, or an image without a file."""

import secrets
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from core.storage.app_dirs import cache_dir
from core.storage.atomic_file import write_bytes_atomically


def local_paths(data: QMimeData) -> list[Path]:
    """Return files and folders of this computer."""
    if not data.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def image_of(data: QMimeData) -> QImage | None:
    """Return the image itself, as browsers and screenshot tools provide it."""
    image = data.imageData() if data.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


def save_pasted(image: QImage) -> Path:
    """Write an image to the cache, as a PNG file with the time as its name.

    Raises:
        StorageError: If it can't be written.
    """
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    path = cache_dir() / "pasted" / f"Pasted {now} {secrets.token_hex(2)}.png"
    write_bytes_atomically(path, bytes(content.data()))
    return path
