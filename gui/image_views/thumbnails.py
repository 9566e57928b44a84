"""Thumbnails, decoded in threads and delivered in small batches."""

from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QThread, QThreadPool, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from core.data.files.image_files import may_have_16_bits
from core.data.pixels.thumbnail import Thumbnail, make_thumbnail
from core.data.pixels.thumbnail_cache import ThumbnailCache
from core.errors import ImageError
from gui.work.pool_work import PoolWork

_SIDES = (320, 640)
"""Pixels of a thumbnail's longer side; the first is sharp at 160 on a screen of double density."""

_MOST_BYTES = 64 << 20
_MOST_WAITING = 400
_PORTION_MS = 16
_PORTION = 8
_THREADS = 2
# Bytes of a file; smaller ones are decoded faster than their thumbnail is looked up.
_WORTH_KEEPING = 256 << 10
_MOST_ARRIVED = 24


class _Form(NamedTuple):
    """How thumbnails are made.

    Attributes:
        side: Pixels of the longer side.
        sample_bits: See `Decoding`.
    """

    side: int
    sample_bits: int | None = None


class ThumbnailLoader(QObject):
    """Load thumbnails without blocking; keeps those requested last.

    Args:
        cache: Keeps thumbnails between starts; closed with the loader.

    Signals:
        loaded: Paths whose thumbnail, or the reason for its absence, is now known.
    """

    loaded = Signal(list)
    _decoded = Signal(Path, QImage, str, object)

    def __init__(self, parent: QObject | None = None, cache: ThumbnailCache | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._pixmaps: OrderedDict[Path, QPixmap] = OrderedDict()
        self._bytes = 0
        self._form = _Form(_SIDES[0])
        self._errors: dict[Path, str] = {}
        # The newest request is served first: it is what the user looks at.
        self._waiting: OrderedDict[Path, None] = OrderedDict()
        self._in_work: set[Path] = set()
        self._arrived: list[tuple[Path, QImage, str, _Form]] = []
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(_THREADS)
        self._pool.setThreadPriority(QThread.Priority.LowPriority)
        self._timer = QTimer(self, interval=_PORTION_MS)
        self._timer.timeout.connect(self._deliver)
        self._decoded.connect(self._on_decoded)

    def pixmap(self, path: Path) -> QPixmap | None:
        """Return the thumbnail; None while it is being made, or if it can't be made."""
        found = self._pixmaps.get(path)
        if found is not None:
            self._pixmaps.move_to_end(path)
        elif path not in self._errors and path not in self._in_work:
            self._waiting[path] = None
            self._waiting.move_to_end(path)
            if len(self._waiting) > _MOST_WAITING:
                self._waiting.popitem(last=False)
            self._feed()
        return found

    def need(self, side: int) -> None:
        """Make thumbnails large enough for squares of `side` physical pixels."""
        enough = next((size for size in _SIDES if size >= side), _SIDES[-1])
        if enough > self._form.side:
            self._form = self._form._replace(side=enough)
            self.forget()

    def set_sample_bits(self, sample_bits: int | None) -> None:
        """Read images as a model does; for `sample_bits` see `Decoding`."""
        if sample_bits == self._form.sample_bits:
            return
        self._form = self._form._replace(sample_bits=sample_bits)
        outdated = [path for path in self._pixmaps if may_have_16_bits(path)]
        for path in outdated:
            self._bytes -= _size(self._pixmaps.pop(path))
        if outdated:
            self.loaded.emit(outdated)

    def error(self, path: Path) -> str:
        """Return why there is no thumbnail; "" if no error is known."""
        return self._errors.get(path, "")

    def forget(self) -> None:
        """Drop all thumbnails: files may have changed."""
        self._pixmaps.clear()
        self._errors.clear()
        self._waiting.clear()
        self._bytes = 0

    def close(self) -> None:
        """End the work; call before the application ends."""
        self._waiting.clear()
        self._timer.stop()
        self._pool.clear()
        self._pool.waitForDone()
        if self._cache is not None:
            self._cache.close()

    def _feed(self) -> None:
        # Only as fast as the window keeps up, or full-size images would pile up.
        while (
            self._waiting and len(self._in_work) < _THREADS and len(self._arrived) < _MOST_ARRIVED
        ):
            path, _ = self._waiting.popitem(last=True)
            self._in_work.add(path)
            self._pool.start(PoolWork(_Decoding(path, self._form_of(path), self).run))

    def _form_of(self, path: Path) -> _Form:
        return self._form if may_have_16_bits(path) else _Form(self._form.side)

    @Slot(Path, QImage, str, object)
    def _on_decoded(self, path: Path, image: QImage, reason: str, form: _Form) -> None:
        self._in_work.discard(path)
        self._arrived.append((path, image, reason, form))
        self._feed()
        if not self._timer.isActive():
            self._timer.start()

    def _deliver(self) -> None:
        portion, self._arrived = self._arrived[:_PORTION], self._arrived[_PORTION:]
        for path, image, reason, form in portion:
            if image.isNull():
                self._errors[path] = reason
            elif form == self._form_of(path):
                self._keep(path, QPixmap.fromImage(image))
        if not self._arrived:
            self._timer.stop()
        self._feed()
        if portion:
            self.loaded.emit([path for path, *_ in portion])

    def _keep(self, path: Path, pixmap: QPixmap) -> None:
        self._pixmaps[path] = pixmap
        self._bytes += _size(pixmap)
        while self._bytes > _MOST_BYTES:
            _, oldest = self._pixmaps.popitem(last=False)
            self._bytes -= _size(oldest)


class _Decoding:
    """Decode one image in a thread."""

    def __init__(self, path: Path, form: _Form, loader: ThumbnailLoader) -> None:
        self._path, self._form, self._loader = path, form, loader

    def run(self) -> None:
        image, reason = QImage(), ""
        try:
            thumbnail = self._thumbnail()
            width, height = thumbnail.width, thumbnail.height
            borrowed = QImage(thumbnail.rgb, width, height, 3 * width, QImage.Format.Format_RGB888)
            # 32 bits a pixel, which also outlive Python's bytes, are what the screen takes.
            image = borrowed.convertToFormat(QImage.Format.Format_RGB32)
        except (ImageError, OSError) as error:
            reason = str(error)
        self._loader._decoded.emit(self._path, image, reason, self._form)

    def _thumbnail(self) -> Thumbnail:
        cache = self._loader._cache
        side, sample_bits = self._form
        state = self._path.stat()
        # A small file is decoded in less time than a database takes to answer.
        if cache is None or state.st_size < _WORTH_KEEPING:
            return make_thumbnail(self._path, side, sample_bits)
        found = cache.get(self._path, state, side, sample_bits)
        if found is None:
            found = make_thumbnail(self._path, side, sample_bits)
            cache.put(self._path, state, side, found, sample_bits)
        return found


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
