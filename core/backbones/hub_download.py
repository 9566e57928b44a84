"""Fetch a SavedModel as TensorFlow Hub's servers hand it out; TensorFlow isn't needed for it.

A server sends the archive of a handle if the query has `tf-hub-format=compressed`, mostly after
some redirects. What was unpacked lies where TensorFlow Hub's own library would put it: in a
folder named by the handle's SHA-1. That library's own download has no progress, cancel, resume or
time-outs, so it only loads what was fetched here (`hub.load`); a cache that other programs fill
(`TFHUB_CACHE_DIR`) is searched first.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from core.backbones.archive_hashes import check_hash, record_hash
from core.backbones.http_download import Check, Download, Patience, Progress
from core.backbones.offline import is_offline
from core.backbones.prepared_folder import making
from core.data.archives.extraction import extract_archive
from core.errors import ArchiveError, BackboneError, StorageError
from core.storage.app_dirs import cache_dir
from core.storage.storage_message import storage_message
from core.text import Text

MIRROR_VARIABLE = "FIELDGUIDE_HUB"
"""Environment variable with the address of a server to ask in the place of tfhub.dev."""
_HUB = "https://tfhub.dev/"
_MODEL_FILES = ("saved_model.pb", "tfhub_module.pb")


def downloads_dir() -> Path:
    """Return the folder of downloads, half and whole, by handle."""
    return cache_dir() / "hub"


def fetch_saved_model(
    handle: str,
    on_progress: Progress = lambda _done, _total: None,
    check: Check = lambda: None,
    patience: Patience | None = None,
) -> Path:
    """Download a hub model and return its folder; a second call finds it in the cache.

    Args:
        handle: An `https://` or `http://` address.
        on_progress: Called with the bytes that have come, and with all there will be.
        check: Called often; what it raises ends the download, which the next call resumes.

    Raises:
        BackboneError: If it can't be reached, what came is no model or another than before.
        StorageError: If it can't be written.
    """
    for folder in _possible_folders(handle):
        if _is_model(folder):
            return folder
    if is_offline():
        raise BackboneError(
            Text(
                "%1 is not on this computer, and downloads are turned off. Turn them on, or use a "
                "backbone that is on this computer.",
                handle,
            )
        )
    folder = downloads_dir() / _folder_name(handle)
    with making(folder):
        if not _is_model(folder):
            _fetch(handle, folder, Download(
                _address(handle),
                folder.with_name(folder.name + ".tar.gz"),
                on_progress,
                check,
                patience or Patience(),
            ))  # fmt: skip
    return folder


def is_downloaded(handle: str) -> bool:
    """Return whether a hub model is on this computer, so that nothing would be fetched."""
    return any(map(_is_model, _possible_folders(handle)))


def forget_download(handle: str) -> None:
    """Remove what was downloaded under a handle, if anything."""
    shutil.rmtree(downloads_dir() / _folder_name(handle), ignore_errors=True)


def _fetch(handle: str, folder: Path, download: Download) -> None:
    try:
        download.run()
    except BackboneError as error:
        raise BackboneError(
            Text(
                "Can't download the backbone %1: %2. Check the address and the network, or use a "
                "backbone that is on this computer.",
                handle,
                str(error),
            )
        ) from error
    try:
        _unpack(handle, download.path, folder, download.check)
    finally:
        download.path.unlink(missing_ok=True)


def _unpack(handle: str, archive: Path, folder: Path, check: Check) -> None:
    try:
        with archive.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(storage_message("read", archive, error)) from error
    check_hash(handle, digest)
    try:
        unpacked = extract_archive(
            archive, folder.parent, lambda _files: check(), is_wanted=lambda _parts: True
        )
    except ArchiveError as error:
        raise BackboneError(
            Text("The download from %1 can't be used: %2", handle, str(error))
        ) from error
    if not _is_model(unpacked):
        shutil.rmtree(unpacked, ignore_errors=True)
        raise BackboneError(Text("The archive from %1 holds no SavedModel.", handle))
    try:
        shutil.rmtree(folder, ignore_errors=True)  # no model, or it would have been used
        unpacked.rename(folder)
    except OSError as error:
        raise StorageError(storage_message("write", folder, error)) from error
    record_hash(handle, digest)


def _address(handle: str) -> str:
    mirror = os.environ.get(MIRROR_VARIABLE)
    if mirror and handle.startswith(_HUB):
        handle = mirror.rstrip("/") + "/" + handle.removeprefix(_HUB)
    parts = urlsplit(handle)
    query = urlencode([*parse_qsl(parts.query), ("tf-hub-format", "compressed")])
    return urlunsplit(parts._replace(query=query))


def _possible_folders(handle: str) -> Iterator[Path]:
    """Yield where a model may be already: our own folder, and TensorFlow Hub's."""
    yield downloads_dir() / _folder_name(handle)
    if shared := os.environ.get("TFHUB_CACHE_DIR"):
        yield Path(shared) / _folder_name(handle)


def _folder_name(handle: str) -> str:
    return hashlib.sha1(
        handle.encode("utf-8", "surrogateescape"), usedforsecurity=False
    ).hexdigest()


def _is_model(folder: Path) -> bool:
    try:
        nested = [path for path in folder.iterdir() if path.is_dir()]
        return any((one / name).is_file() for one in (folder, *nested) for name in _MODEL_FILES)
    except OSError:
        return False
