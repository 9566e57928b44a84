"""List the members of a zip or tar archive, with everything dangerous marked as such."""

import bz2
import gzip
import io
import lzma
import posixpath
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from core.data.archives.zip_names import zip_names
from core.data.files.image_files import has_image_suffix, is_hidden
from core.text import Text

_DRIVE = re.compile(r"[A-Za-z]:")
_ENCRYPTED = 0x1
_MAX_READ_BYTES = 16 << 20
_BLOCK_BYTES = 1 << 20
_MAX_DEPTH = 100  # folders; `shutil.rmtree`, which may have to remove them, ends at a thousand
_ROOT = "/archive"
"""Stands for the folder to unpack into when links are resolved without touching the disk."""


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of an archive.

    Attributes:
        name: As the archive has it.
        parts: Folder names and file name, relative and without `..`.
        is_file: Whether it is a regular file.
        is_encrypted: Whether it needs a password.
        is_wanted: Whether it is to be unpacked by its name, as an image or a list.
        declared_bytes: Size by its header; not to be relied on.
        skipped_bytes: What passing over it costs in decompressed bytes.
        danger: Why the archive must be refused, a clause such as "it is encrypted", or `None`.
        open: Opens its content; only for files.
    """

    name: str
    parts: tuple[str, ...]
    is_file: bool
    is_encrypted: bool
    is_wanted: bool
    declared_bytes: int
    skipped_bytes: int
    danger: Text | None
    open: Callable[[], IO[bytes]]


IsWanted = Callable[[tuple[str, ...]], bool]
"""Tells by the parts of a file's path whether to unpack it."""


def is_image_or_list(parts: tuple[str, ...]) -> bool:
    """Whether a file is part of a set of images, and not one that tools leave behind."""
    if any(is_hidden(part) for part in parts):
        return False
    return has_image_suffix(parts[-1]) or parts[-1].lower().endswith((".csv", ".tsv"))


def zip_members(path: Path, is_wanted: IsWanted) -> Iterator[Member]:
    """Entries of a zip; raises what `zipfile` raises for damaged ones."""
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        for info, decoded in zip(infos, zip_names(infos)[0], strict=True):
            # Tools on Windows write backslashes although the format asks for slashes.
            name = decoded.replace("\\", "/")
            mode = info.external_attr >> 16
            danger = _name_danger(name)
            if stat.S_ISLNK(mode):
                # Its target is its content, which is not read: no image is lost by that.
                danger = danger or Text("it holds a symbolic link")
            parts = _parts(name)
            is_file = bool(parts) and not info.is_dir()
            is_encrypted = bool(info.flag_bits & _ENCRYPTED)
            wanted = is_file and is_wanted(parts)
            if wanted and is_encrypted:
                danger = danger or Text("it is encrypted, and Fieldguide asks for no password")
            size = info.file_size if wanted else 0
            opener = _zip_opener(archive, info)
            yield Member(decoded, parts, is_file, is_encrypted, wanted, size, 0, danger, opener)


def zip_code_page(path: Path) -> str:
    """Return how the names in a zip were decoded if not as by its entries' words; "" otherwise."""
    try:
        with zipfile.ZipFile(path) as archive:
            return zip_names(archive.infolist())[1]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, LookupError, OSError):
        return ""  # unpacking it says what is wrong


def tar_members(path: Path, is_wanted: IsWanted) -> Iterator[Member]:
    """Entries of a tar in their order, then the data after the last one, in nameless blocks.

    Raises what `tarfile` and the decompressor raise for damaged ones.
    """
    with (
        _decompressed(path) as stream,
        tarfile.open(fileobj=_BoundedReads(stream), mode="r:") as archive,
    ):
        for info in archive:
            danger = _name_danger(info.name) or _tar_danger(info)
            parts = _parts(info.name)
            is_file = bool(parts) and info.isreg()
            yield Member(
                info.name,
                parts,
                is_file,
                False,
                is_file and is_wanted(parts),
                info.size,
                info.size,
                danger,
                _tar_opener(archive, info),
            )
            # `tarfile` keeps every header it has met, which for a million is a gigabyte.
            archive.members = []  # type: ignore[attr-defined]
        # The checksum comes last. A tar ends before, and may go on as a bomb, so this counts too.
        while block := stream.read(_BLOCK_BYTES):
            yield Member("", (), False, False, False, len(block), len(block), None, io.BytesIO)


class _BoundedReads(io.BufferedIOBase):
    """Refuses large reads: `tarfile` takes a header's word for its length and asks for it all."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or not 0 <= size <= _MAX_READ_BYTES:
            raise tarfile.ReadError("a header is too long")
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


def _decompressed(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        start = file.read(6)
    if start.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", gzip.open(path))
    if start.startswith(b"\xfd7zXZ"):
        return lzma.open(path)
    return bz2.open(path) if start.startswith(b"BZh") else path.open("rb")


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _tar_opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        file = archive.extractfile(info)
        if file is None:
            raise tarfile.ReadError("no content")
        return file

    return opened


def _name_danger(name: str) -> Text | None:
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return Text("it holds an absolute path")
    if ".." in name.replace("\\", "/").split("/"):
        return Text("it holds a path that leads out of the folder")
    if len(_parts(name)) > _MAX_DEPTH:
        return Text("it holds more than %1 folders in each other", _MAX_DEPTH)
    return Text("it holds a name with a zero byte") if "\0" in name else None


def _tar_danger(info: tarfile.TarInfo) -> Text | None:
    if info.isdev():
        return Text("it holds a device or a pipe")
    if info.issym():
        start = posixpath.join(_ROOT, posixpath.dirname(info.name))
    elif info.islnk():
        start = _ROOT
    else:
        return None
    target = posixpath.normpath(posixpath.join(start, info.linkname))
    # Links within the archive are skipped: their targets are in it anyway.
    inside = target == _ROOT or target.startswith(_ROOT + "/")
    return None if inside else Text("it holds a link that leads out of the folder")


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part for part in name.split("/") if part not in ("", "."))
