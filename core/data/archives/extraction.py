"""Unpack archives of images without trusting anything in them.

An archive's images go into a folder named by the archive's SHA-256, and by the code page of the
names in it if that was chosen by this computer's language. It gets that name when it is complete,
so a folder of that name can be used again.
"""

import errno
import hashlib
import os
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from lzma import LZMAError
from pathlib import Path
from typing import IO

from core.data.archives.archive_members import (
    IsWanted,
    Member,
    is_image_or_list,
    tar_members,
    zip_code_page,
    zip_members,
)
from core.data.files.image_files import is_hidden
from core.data.files.left_out import LeftOut
from core.data.files.other_content import OtherContent
from core.data.files.recognition import START_BYTES, content_by_name, content_of_start
from core.errors import ArchiveError, StorageError
from core.storage.storage_message import storage_message
from core.text import Text, sentences

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")

MAX_MEMBERS = 1_000_000
MAX_RATIO = 100
"""Images hardly shrink; the densest honest case, flat bitmaps, stays below this."""
MIN_BYTE_LIMIT = 512 << 20
"""Small archives may grow to this whatever their ratio."""

_CHUNK_BYTES = 1 << 20
_NOTHING_KEPT = Text("Nothing of it was kept.")
_NOT_THE_ARCHIVES_FAULT = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
)
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    LZMAError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    LookupError,
    OSError,
)


def is_archive(path: Path) -> bool:
    """Tell by its name whether a file is an archive that can be unpacked."""
    return path.name.lower().endswith(ARCHIVE_SUFFIXES)


def archive_stem(path: Path) -> str:
    """Return the archive's name without its suffix: `cats` for `cats.tar.gz`."""
    lowered = path.name.lower()
    suffixes = (suffix for suffix in ARCHIVE_SUFFIXES if lowered.endswith(suffix))
    return path.name[: len(path.name) - max(map(len, suffixes), default=0)] or path.name


def extract_archive(
    path: Path,
    archive_dir: Path,
    on_progress: Callable[[int], None] | None = None,
    *,
    is_wanted: IsWanted = is_image_or_list,
) -> Path:
    """Unpack the images and lists of an archive, or other files that are wanted.

    Images are those that `FolderReader` would find: by name, or by their first bytes.

    Args:
        path: A `.zip` or a `.tar`, plain or with gzip, xz or bzip2.
        archive_dir: Where the folder is made; an earlier one of the same content is used again.
        on_progress: Called with the number of files unpacked so far. What it raises ends the
            work, and what was unpacked is removed.
        is_wanted: Tells by the parts of a file's path whether to unpack it. Another choice
            needs another `archive_dir`.

    Returns:
        The folder, whose name begins with the archive's SHA-256.

    Raises:
        ArchiveError: If the archive is damaged, encrypted, unsafe or larger than it may be:
            `MAX_MEMBERS` members, and `MAX_RATIO` times its own size or `MIN_BYTE_LIMIT`.
        StorageError: If it can't be read or there is no room to unpack it.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            byte_limit = max(MIN_BYTE_LIMIT, MAX_RATIO * path.stat().st_size)
    except OSError as error:
        raise StorageError(storage_message("read", path, error)) from error
    code_page = zip_code_page(path) if _is_zip(path) else ""
    target = archive_dir / (f"{digest}-{code_page}" if code_page else digest)
    left_out = None if is_wanted is not is_image_or_list else LeftOut()
    # Earlier versions left no record, and images behind that are named like none.
    if target.is_dir() and (left_out is None or _record_of(target).is_file()):
        return target
    try:
        temporary = _new_folder(archive_dir, digest)
        try:
            _Extraction(path, temporary, byte_limit, on_progress, is_wanted, left_out).run()
            _move_into_place(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        if left_out is not None:
            left_out.write(_record_of(target))
    except StorageError:
        # An earlier version's folder on a full or read-only disk is better than none.
        if not target.is_dir():
            raise
    return target


def left_out_of_archive(folder: Path) -> LeftOut:
    """Return what was left out of an archive, by the folder that it was unpacked into."""
    try:
        return LeftOut.read(_record_of(folder))
    except (OSError, ValueError):
        return LeftOut()


def _record_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.left-out.jsonl")


def _is_zip(path: Path) -> bool:
    return path.name.lower().endswith(".zip")


def _new_folder(archive_dir: Path, digest: str) -> Path:
    try:
        archive_dir.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{digest[:16]}-", dir=archive_dir))
    except OSError as error:
        raise StorageError(storage_message("write", archive_dir, error)) from error


def _move_into_place(temporary: Path, target: Path) -> None:
    try:
        temporary.rename(target)
    except OSError as error:
        if not target.is_dir():
            raise StorageError(storage_message("write", target, error)) from error
        # Another process may have unpacked the same archive meanwhile, or an earlier version did.
        _add_missing(temporary, target)


def _add_missing(temporary: Path, target: Path) -> None:
    """Move the files that `target` lacks; those that are there may be in use."""
    try:
        for folder, _, names in os.walk(temporary):
            place = target / Path(folder).relative_to(temporary)
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                if not (place / name).exists():
                    Path(folder, name).rename(place / name)
    except OSError as error:
        raise StorageError(storage_message("write", target, error)) from error


@dataclass(slots=True)
class _Extraction:
    """One pass through an archive, which counts the bytes that really come out of it."""

    archive: Path
    folder: Path
    byte_limit: int
    on_progress: Callable[[int], None] | None
    is_wanted: IsWanted
    left_out: LeftOut | None = None
    num_members: int = 0
    num_files: int = 0
    num_bytes: int = 0
    member_name: str = field(default="")

    def run(self) -> None:
        members = self._members()
        while self._take_next(members):
            # Outside of the `try`: what it raises is not the archive's fault.
            if self.on_progress:
                self.on_progress(self.num_files)

    def _take_next(self, members: Iterator[Member]) -> bool:
        try:
            member = next(members, None)
            if member:
                self.member_name = member.name
                self._take(member)
        except _DAMAGE as error:
            reason = Text("it is damaged or can't be unpacked: %1", str(error))
            raise self._refusal(reason, Text("Copy or download it again.")) from error
        return member is not None

    def _members(self) -> Iterator[Member]:
        members = zip_members if _is_zip(self.archive) else tar_members
        return members(self.archive, self.is_wanted)

    def _take(self, member: Member) -> None:
        self.num_members += 1
        if self.num_members > MAX_MEMBERS:
            raise self._refusal(Text("it has more than %1 members", MAX_MEMBERS))
        if member.danger:
            raise self._refusal(member.danger)
        self._check_size(self.num_bytes + member.declared_bytes)
        if member.is_wanted:
            with member.open() as source:
                self._write(member, source, source.read(_CHUNK_BYTES))
        elif not self._was_image(member):
            # A compressed tar has to be decompressed to be skipped, so this counts too.
            self.num_bytes += member.skipped_bytes

    def _was_image(self, member: Member) -> bool:
        """Write a file that isn't named like an image if it is one; else count it."""
        if self.left_out is None or not member.is_file or any(map(is_hidden, member.parts)):
            return False
        name = member.parts[-1]
        by_name = content_by_name(name)
        content = by_name or self._written_or_content(member)
        if content is not None:
            self.left_out.add(content, name, by_name=by_name is not None)
        return content is None

    def _written_or_content(self, member: Member) -> OtherContent | None:
        """Write a file and return None if its first bytes are an image's; else what they tell."""
        if member.is_encrypted:
            return OtherContent.ENCRYPTED
        with ExitStack() as opened:
            try:
                # Opened once: to go back in a compressed tar is to decompress all again.
                source = opened.enter_context(member.open())
                start = source.read(START_BYTES)
            except _DAMAGE:
                if member.skipped_bytes:
                    raise  # in a tar, whose rest is damaged too
                return OtherContent.UNREADABLE
            content = content_of_start(start)
            if content is None:
                self._write(member, source, start)
            return content

    def _write(self, member: Member, source: IO[bytes], chunk: bytes) -> None:
        """Write a file; `chunk` is what was read of it already."""
        target = self.folder.joinpath(*member.parts)
        with self._created(target) as output:
            while chunk:
                self.num_bytes += len(chunk)
                self._check_size(self.num_bytes)
                self._store(output, target, chunk)
                chunk = source.read(_CHUNK_BYTES)
        self.num_files += 1

    def _created(self, target: Path) -> IO[bytes]:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            return target.open("wb")
        except OSError as error:
            raise self._write_error(target, error) from error

    def _store(self, output: IO[bytes], target: Path, chunk: bytes) -> None:
        try:
            output.write(chunk)
        except OSError as error:
            raise self._write_error(target, error) from error

    def _write_error(self, target: Path, error: OSError) -> ArchiveError | StorageError:
        if error.errno in _NOT_THE_ARCHIVES_FAULT:
            return StorageError(storage_message("write", target, error))
        return self._refusal(Text("it can't be unpacked: %1", error.strerror or str(error)))

    def _check_size(self, num_bytes: int) -> None:
        if num_bytes > self.byte_limit:
            raise self._refusal(
                Text(
                    "it unpacks to more than %1 MiB, which is suspiciously much for an archive of "
                    "its size",
                    self.byte_limit >> 20,
                )
            )

    def _refusal(self, reason: Text, advice: Text = _NOTHING_KEPT) -> ArchiveError:
        # Names may hold bytes that no terminal can show.
        name = os.fsencode(self.member_name).decode("utf-8", "backslashreplace")
        archive = str(self.archive)
        if name:
            message = Text("%1 can't be used: %2 (at %3).", archive, reason, repr(name))
        else:
            message = Text("%1 can't be used: %2.", archive, reason)
        return ArchiveError(sentences(message, advice))
