"""Fetch a SavedModel as TensorFlow Hub's servers hand it out; TensorFlow isn't needed for it.

A server sends the archive of a handle if the query has `tf-hub-format=compressed`, mostly after
some redirects. Where another server has the same model (`download_sources`), it is asked when the
first can't be reached, refuses, or sends no such archive. What was unpacked lies where TensorFlow
Hub's own library would put it: in a folder named by the handle's SHA-1. That library's own download
has no progress, cancel, resume or time-outs, so it only loads what was fetched here (`hub.load`); a
cache that other programs fill (`TFHUB_CACHE_DIR`) is searched first.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core.backbones.archive_hashes import CONTENT, check_hash, record_hash
from core.backbones.download_sources import DownloadSource, download_sources, name_of, page_of
from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.http_download import Check, Download, Patience, Progress
from core.backbones.offline import is_offline
from core.backbones.prepared_folder import making
from core.data.archives.extraction import extract_archive
from core.errors import ArchiveError, BackboneError, StorageError
from core.storage.app_dirs import cache_dir
from core.storage.storage_message import storage_message
from core.text import Text

logger = logging.getLogger(__name__)

_MODEL_FILES = ("saved_model.pb", "tfhub_module.pb")
_FIRST_ATTEMPTS = 2


class _SourceError(Exception):
    """A source doesn't have the model, and another one may.

    Args:
        reason: Worded to follow the server's name.
        error: What to raise if there is no other source.
    """

    def __init__(self, reason: str, error: BackboneError) -> None:
        super().__init__(reason)
        self.reason, self.error = reason, error


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is to be fetched, and how."""

    handle: str
    folder: Path
    on_progress: Progress
    check: Check
    patience: Patience

    def download(self, source: DownloadSource) -> Download:
        path = self.folder.with_name(self.folder.name + source.suffix)
        return Download(source.url, path, self.on_progress, self.check, self.patience)


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
            _fetch(_Wish(handle, folder, on_progress, check, patience or Patience()))
    return folder


def is_downloaded(handle: str) -> bool:
    """Return whether a hub model is on this computer, so that nothing would be fetched."""
    return any(map(_is_model, _possible_folders(handle)))


def forget_download(handle: str) -> None:
    """Remove what was downloaded under a handle, if anything."""
    shutil.rmtree(downloads_dir() / _folder_name(handle), ignore_errors=True)


def _fetch(wish: _Wish) -> None:
    """Fetch from the first source that has the model."""
    sources = download_sources(wish.handle)
    failures: list[tuple[DownloadSource, _SourceError]] = []
    for source, following in zip(sources, [*sources[1:], None], strict=True):
        try:
            # Who has another server to ask needn't wait long for a silent one.
            _fetch_from(source, wish if following is None else _less_patient(wish))
        except _SourceError as error:
            failures.append((source, error))
            if following is not None:
                logger.warning("%s: %s. Trying %s", source.url, error.reason, following.url)
                wish.check()
        else:
            for other in sources:
                wish.download(other).forget()
            return
    raise _failure(wish.handle, failures) from failures[-1][1]


def _less_patient(wish: _Wish) -> _Wish:
    return replace(wish, patience=replace(wish.patience, first_attempts=_FIRST_ATTEMPTS))


def _failure(handle: str, failures: list[tuple[DownloadSource, _SourceError]]) -> BackboneError:
    if len({source.host for source, _ in failures}) == 1:
        return failures[0][1].error
    (first, first_error), (second, second_error) = failures
    return BackboneError(
        Text(
            "Can't download the backbone %1. From %2: %3. From %4: %5. Open %6 in a browser, "
            "download the model there, and drop the .tar.gz onto the list of backbones with the "
            "name %7. In a terminal: fieldguide backbones import FILE --name %7",
            handle,
            first.host,
            first_error.reason,
            second.host,
            second_error.reason,
            page_of(handle),
            name_of(handle),
        )
    )


def _fetch_from(source: DownloadSource, wish: _Wish) -> None:
    download = wish.download(source)
    try:
        download.run()
    except BackboneError as error:
        raise _SourceError(str(error), _unreached(wish.handle, str(error))) from error
    try:
        _unpack(source, download.path, wish)
    finally:
        download.path.unlink(missing_ok=True)


def _unreached(handle: str, reason: str) -> BackboneError:
    page = page_of(handle)
    if page:
        return BackboneError(
            Text(
                "Can't download the backbone %1: %2. Check the network, or open %3 in a browser, "
                "download the model there, and drop the .tar.gz onto the list of backbones with "
                "the name %4. In a terminal: fieldguide backbones import FILE --name %4",
                handle,
                reason,
                page,
                name_of(handle),
            )
        )
    return BackboneError(
        Text(
            "Can't download the backbone %1: %2. Check the address and the network, or use a "
            "backbone that is on this computer.",
            handle,
            reason,
        )
    )


def _unpack(source: DownloadSource, archive: Path, wish: _Wish) -> None:
    handle, folder = wish.handle, wish.folder
    try:
        with archive.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(storage_message("read", archive, error)) from error
    check_hash(handle, digest, source.hash_part)
    unpacked = _extracted(archive, wish)
    try:
        content = fingerprint_saved_model(_model_folder(unpacked) or unpacked)
        check_hash(handle, content, CONTENT)
        shutil.rmtree(folder, ignore_errors=True)  # no model, or it would have been used
        unpacked.rename(folder)
    except OSError as error:
        raise StorageError(storage_message("write", folder, error)) from error
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    record_hash(handle, digest, source.hash_part)
    record_hash(handle, content, CONTENT)


def _extracted(archive: Path, wish: _Wish) -> Path:
    """Unpack a model beside its folder."""
    try:
        unpacked = extract_archive(
            archive, wish.folder.parent, lambda _files: wish.check(), is_wanted=lambda _parts: True
        )
    except ArchiveError as error:
        raise _SourceError(
            Text("the file that came is no usable archive"),
            BackboneError(
                Text("The download from %1 can't be used: %2", wish.handle, str(error)),
            ),
        ) from error
    if not _is_model(unpacked):
        shutil.rmtree(unpacked, ignore_errors=True)
        raise _SourceError(
            Text("the archive holds no SavedModel"),
            BackboneError(Text("The archive from %1 holds no SavedModel.", wish.handle)),
        )
    return unpacked


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
    return _model_folder(folder) is not None


def _model_folder(folder: Path) -> Path | None:
    """Return the folder of a model: this one, or one in it; None without one."""
    try:
        nested = [path for path in folder.iterdir() if path.is_dir()]
        return next(
            (
                one
                for one in (folder, *nested)
                if any((one / name).is_file() for name in _MODEL_FILES)
            ),
            None,
        )
    except OSError:
        return None
