import errno
import gzip
import hashlib
import io
import lzma
import random
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from core.data.archives import archive_members
from core.data.archives import extraction as archives
from core.data.archives.extraction import archive_stem, extract_archive
from core.data.dataset import FindingKind, ImageSource, Split
from core.data.scanning.scan import scan_images, scan_usable_images
from core.errors import ArchiveError, DatasetError, StorageError
from core.storage.caches import list_caches
from core.text import Text

FILES = {"photos/cat/1.jpg": b"one", "photos/cat/2.jpg": b"two", "photos/dog/1.jpg": b"three"}
KINDS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")


def pack(path, files):
    """An archive of the kind that its name asks for."""
    if path.name.endswith(".zip"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path
    mode = {".gz": "w:gz", ".tgz": "w:gz", ".xz": "w:xz", ".bz2": "w:bz2"}.get(path.suffix, "w")
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def tar_with(path, **attributes):
    """A tar of one ordinary image and one odd member."""
    pack(path, {"cat/1.jpg": b"x"})
    with tarfile.open(path, "a") as archive:
        info = tarfile.TarInfo("cat/odd.jpg")
        for name, value in attributes.items():
            setattr(info, name, value)
        archive.addfile(info)
    return path


def listed(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


@pytest.fixture
def extract(tmp_path):
    def run(path, **more):
        return extract_archive(path, tmp_path / "archives", **more)

    return run


def left_behind(tmp_path):
    """Everything in the test's folder but the archives that the test made."""
    elsewhere = [p for p in tmp_path.rglob("*") if p.is_file() and p.parent != tmp_path]
    return [*elsewhere, *(tmp_path / "archives").glob("*")]


@pytest.mark.parametrize("kind", KINDS)
def test_archives_are_scanned_as_folders(tmp_path, kind):
    path = pack(tmp_path / f"set{kind}", FILES | {"photos/README.md": b"", "__MACOSX/._1.jpg": b""})
    dataset = scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")
    assert dataset.labels == ("cat", "dog")
    assert [image.path.read_bytes() for image in dataset.images] == [b"one", b"two", b"three"]
    assert dataset.findings == ()


def test_only_images_and_lists_are_unpacked(tmp_path, extract):
    files = {"a/1.jpg": b"1", "a/list.csv": b"2", "a/run.sh": b"3", ".hidden/1.jpg": b"4"}
    assert set(listed(extract(pack(tmp_path / "a.zip", files)))) == {"a/1.jpg", "a/list.csv"}


def test_other_files_may_be_wanted(tmp_path, extract):
    path = pack(tmp_path / "a.tgz", {"model.pb": b"1", "in/.x": b"2", "a.jpg": b"3"})
    folder = extract(path, is_wanted=lambda parts: parts[-1] != "a.jpg")
    assert set(listed(folder)) == {"model.pb", "in/.x"}


def test_a_class_takes_the_archives_name(tmp_path):
    path = pack(tmp_path / "rose.tar.gz", {"1.jpg": b"x", "more/2.jpg": b"y"})
    dataset = scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")
    assert dataset.labels == ("rose",)
    labelled = scan_images([ImageSource(path, "tulip")], archive_dir=tmp_path / "archives")
    assert labelled.labels == ("tulip",)


def test_archives_are_unpacked_in_the_cache_unless_told_otherwise(tmp_path, fieldguide_home):
    path = pack(tmp_path / "rose.zip", {"1.jpg": b"x"})
    (image,) = scan_images([ImageSource(path)]).images
    dataset, _ = scan_usable_images([ImageSource(path)])
    assert dataset.images == (image,)
    assert image.path.is_relative_to(fieldguide_home / "cache/archives")
    (cache,) = (each for each in list_caches() if each.name == "archives")
    assert cache.size_bytes == 1


def test_prepared_splits_in_an_archive_are_recognised(tmp_path):
    files = {f"p/{split}/{label}/1.jpg": b"" for split in ("train", "test") for label in "ab"}
    path = pack(tmp_path / "p.zip", files)
    dataset = scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")
    assert {image.split for image in dataset.images} == {Split.TRAINING, Split.TEST}


def test_an_archive_without_images_is_named(tmp_path):
    path = pack(tmp_path / "texts.zip", {"a.txt": b""})
    with pytest.raises(DatasetError, match=r"texts\.zip holds 1 file, and none is a pic.*1 text"):
        scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")


JPEG = b"\xff\xd8\xff\xe0" + bytes(5000) + b"end"
ODD = {
    "p/cat/07": JPEG,
    "p/cat/1.jpg?w=6": JPEG + b"2",
    "p/dog/08.jpg_large": JPEG + b"3",
    "p/dog/09": b"",
    "p/dog/10": bytes(128) + b"DICM" + bytes(3000),
    "p/dog/a.pdf": b"%PDF-",
    "p/dog/a.txt": b"words",
    "p/dog/.hidden": JPEG,
}


@pytest.mark.parametrize("kind", KINDS)
def test_images_in_archives_need_no_suffix(tmp_path, kind):
    path = pack(tmp_path / f"set{kind}", ODD)
    for _ in range(2):  # the second time from what was unpacked
        dataset = scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")
        found = {image.path.name: image.path.read_bytes() for image in dataset.images}
        assert found == {
            "07": JPEG,
            "1.jpg?w=6": JPEG + b"2",
            "08.jpg_large": JPEG + b"3",
        }
        (finding,) = dataset.findings
        assert (finding.kind, finding.path) == (FindingKind.OTHER_FILES, path)
        for told in ("4 other files", "1 DICOM file (10)", "1 empty file (09)", "(a.pdf)"):
            assert told in finding.detail


def test_an_archive_unpacked_by_an_earlier_version_gets_its_odd_images(tmp_path):
    path = pack(tmp_path / "set.zip", ODD | {"p/cat/1.jpg": b"one"})
    folder = tmp_path / "archives" / hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "p/cat").mkdir(parents=True)
    (folder / "p/cat/1.jpg").write_bytes(b"one")
    kept = (folder / "p/cat/1.jpg").stat().st_ino
    dataset = scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")
    assert len(dataset.images) == 4
    assert (folder / "p/cat/1.jpg").stat().st_ino == kept
    assert not list((tmp_path / "archives").glob(".*"))


def test_what_an_earlier_version_unpacked_will_do_where_nothing_can_be_written(
    tmp_path, extract, monkeypatch
):
    path = pack(tmp_path / "set.zip", ODD | {"p/cat/1.jpg": b"one"})

    def refuse(*_arguments):
        raise StorageError(Text("The disk is full."))

    monkeypatch.setattr(archives, "_new_folder", refuse)
    with pytest.raises(StorageError):
        extract(path)
    folder = tmp_path / "archives" / hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "p/cat").mkdir(parents=True)
    assert extract(path) == folder


def test_an_unreadable_odd_member_of_a_zip_is_counted(tmp_path):
    path = pack(tmp_path / "set.zip", {"cat/1.jpg": b"1", "dog/1.jpg": b"2", "dog/07": JPEG})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("dog/07")
    content[info.header_offset + 8] = 99  # the method of its own header
    content[info.header_offset] = 0  # and no header at all
    path.write_bytes(content)
    dataset = scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")
    assert len(dataset.images) == 2
    assert "1 file that can't be read (07)" in dataset.findings[0].detail


def test_an_encrypted_odd_member_is_counted(tmp_path):
    path = pack(tmp_path / "set.zip", {"cat/1.jpg": b"1", "dog/1.jpg": b"2", "dog/07": JPEG})
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        name = archive.getinfo("dog/07").filename.encode()
    at = content.rindex(name) - 46 + 8  # the flags in the directory at the end
    path.write_bytes(content[:at] + b"\1" + content[at + 1 :])
    dataset = scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")
    assert "1 encrypted file (07)" in dataset.findings[0].detail


def test_a_record_that_is_damaged_says_nothing(tmp_path):
    path = pack(tmp_path / "set.zip", ODD)
    scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")
    (record,) = (tmp_path / "archives").glob("*.jsonl")
    record.write_bytes(b"\xff")
    assert scan_images([ImageSource(path)], archive_dir=tmp_path / "archives").findings == ()


def test_an_unpacked_archive_is_used_again(tmp_path, extract, monkeypatch):
    path = pack(tmp_path / "a.zip", FILES)
    first = extract(path)
    monkeypatch.setattr(archives, "_Extraction", None)
    assert extract(path) == first
    renamed = tmp_path / "b.zip"
    renamed.write_bytes(path.read_bytes())
    assert extract(renamed) == first


def test_a_half_unpacked_archive_is_made_anew(tmp_path, extract, monkeypatch):
    path = pack(tmp_path / "a.zip", FILES)

    def stop(count):
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(path, on_progress=stop)
    assert left_behind(tmp_path) == []
    assert len(listed(extract(path))) == 3


@pytest.mark.parametrize("kind", [".zip", ".tar"])
def test_folders_without_end_are_refused(tmp_path, extract, kind):
    deep = {"d/" * 100 + "1.jpg": b"x"}
    with pytest.raises(ArchiveError, match="more than 100 folders"):
        extract(pack(tmp_path / f"a{kind}", deep))
    assert left_behind(tmp_path) == []
    assert listed(extract(pack(tmp_path / f"b{kind}", {"d/" * 99 + "1.jpg": b"x"})))


EVIL_NAMES = ["../evil.jpg", "a/../../evil.jpg", "/tmp/evil.jpg", "..\\evil.jpg", "C:\\evil.jpg"]


@pytest.mark.parametrize("name", EVIL_NAMES)
@pytest.mark.parametrize("kind", [".zip", ".tar"])
def test_paths_that_lead_out_are_refused(tmp_path, extract, kind, name):
    path = pack(tmp_path / f"a{kind}", {"cat/1.jpg": b"x", name: b"evil"})
    with pytest.raises(ArchiveError, match=r"evil\.jpg") as caught:
        extract(path)
    assert str(path) in str(caught.value)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    "attributes",
    [
        {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
        {"type": tarfile.SYMTYPE, "linkname": "../../etc/passwd"},
        {"type": tarfile.SYMTYPE, "linkname": ".."},
        {"type": tarfile.LNKTYPE, "linkname": "../secret.jpg"},
        {"type": tarfile.LNKTYPE, "linkname": "/etc/passwd"},
        {"type": tarfile.CHRTYPE},
        {"type": tarfile.BLKTYPE},
        {"type": tarfile.FIFOTYPE},
    ],
    ids=["absolute", "out", "parent", "hard-out", "hard-absolute", "char", "block", "pipe"],
)
def test_links_out_and_devices_are_refused(tmp_path, extract, attributes):
    attributes = {"name": "odd.jpg"} | attributes
    with pytest.raises(ArchiveError, match=r"odd\.jpg"):
        extract(tar_with(tmp_path / "a.tar", **attributes))
    assert left_behind(tmp_path) == []


def test_links_inside_are_passed_over(tmp_path, extract):
    path = tar_with(tmp_path / "a.tar", type=tarfile.SYMTYPE, linkname="1.jpg")
    assert listed(extract(path)) == {"cat/1.jpg": b"x"}


def test_links_in_a_zip_are_refused(tmp_path, extract):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("cat/link.jpg")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(ArchiveError, match="symbolic link"):
        extract(path)


@pytest.mark.parametrize("kind", KINDS)
def test_bombs_are_refused(tmp_path, extract, monkeypatch, kind):
    monkeypatch.setattr(archives, "MIN_BYTE_LIMIT", 1 << 20)
    monkeypatch.setattr(archives, "MAX_RATIO", 1)
    path = pack(tmp_path / f"a{kind}", {"cat/1.jpg": b"x", "cat/2.jpg": bytes(3 << 20)})
    if kind == ".tar":
        monkeypatch.setattr(archives, "MAX_RATIO", 0)
    with pytest.raises(ArchiveError, match=r"more than 1 MiB.*2\.jpg"):
        extract(path)
    assert left_behind(tmp_path) == []


def test_bombs_that_lie_about_their_size_are_refused(tmp_path, extract, monkeypatch):
    """What is counted is what comes out, not what the header promises."""
    monkeypatch.setattr(archives, "MIN_BYTE_LIMIT", 1 << 20)
    monkeypatch.setattr(archives, "MAX_RATIO", 1)
    path = pack(tmp_path / "a.zip", {"cat/1.jpg": bytes(3 << 20)})
    real = archive_members.zip_members

    def lying(archive, is_wanted):
        for member in real(archive, is_wanted):
            object.__setattr__(member, "declared_bytes", 5)
            yield member

    monkeypatch.setattr(archives, "zip_members", lying)
    with pytest.raises(ArchiveError, match="more than 1 MiB"):
        extract(path)
    assert left_behind(tmp_path) == []


def test_a_header_of_gigabytes_is_refused(tmp_path, extract):
    """A tar header may claim to be as long as it likes, and compresses to nothing."""
    info = tarfile.TarInfo("long")
    info.type = tarfile.GNUTYPE_LONGNAME
    info.size = 64 << 20
    path = tmp_path / "a.tar.xz"
    with lzma.open(path, "wb", preset=0) as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT))
        file.write(bytes(info.size))
    with pytest.raises(ArchiveError, match="header is too long"):
        extract(path)


def test_too_many_members_are_refused(tmp_path, extract, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    with pytest.raises(ArchiveError, match="more than 2 members"):
        extract(pack(tmp_path / "a.tar", FILES))


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_archives_are_refused(tmp_path, extract, kind):
    noise = random.Random(1).randbytes(200_000)
    path = pack(tmp_path / f"a{kind}", {"cat/1.jpg": noise, "cat/2.jpg": noise[::-1]})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(ArchiveError, match="damaged"):
        extract(path)
    path.write_bytes(b"this is no archive at all" * 50)
    with pytest.raises(ArchiveError, match="damaged"):
        extract(path)
    assert left_behind(tmp_path) == []


def test_wrong_checksums_are_noticed(tmp_path, extract):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("cat/1.jpg", b"A" * 100)
    path.write_bytes(path.read_bytes().replace(b"A" * 100, b"B" * 100))
    with pytest.raises(ArchiveError, match=r"1\.jpg"):
        extract(path)


@pytest.mark.parametrize("kind", [".zip", ".tar.gz", ".tar.xz", ".tar.bz2"])
@pytest.mark.parametrize("place", [0.5, 0.99])
def test_flipped_bytes_of_an_image_are_noticed(tmp_path, extract, kind, place):
    """Where nothing could be compressed, only the checksum tells."""
    path = pack(tmp_path / f"a{kind}", {"cat/1.jpg": random.Random(1).randbytes(200_000)})
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="damaged"):
        extract(path)
    assert left_behind(tmp_path) == []


def test_a_bomb_behind_the_last_member_is_refused(tmp_path, extract, monkeypatch):
    monkeypatch.setattr(archives, "MIN_BYTE_LIMIT", 1 << 20)
    monkeypatch.setattr(archives, "MAX_RATIO", 1)
    path = pack(tmp_path / "a.tar", {"cat/1.jpg": b"x"})
    bomb = tmp_path / "a.tar.gz"
    bomb.write_bytes(gzip.compress(path.read_bytes() + bytes(3 << 20)))
    with pytest.raises(ArchiveError, match="more than 1 MiB"):
        extract(bomb)


def test_encrypted_zips_are_refused(tmp_path, extract):
    path = pack(tmp_path / "a.zip", {"cat/1.jpg": b"x"})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(signature) + offset
        struct.pack_into("<H", content, place, 1)
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="encrypted"):
        extract(path)


def test_a_full_disk_is_a_storage_error_and_leaves_nothing(tmp_path, extract, monkeypatch):
    path = pack(tmp_path / "a.zip", FILES)
    real = Path.open

    def open_on_full_disk(self, mode="r", *arguments, **keywords):
        if mode == "wb":
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return real(self, mode, *arguments, **keywords)

    monkeypatch.setattr(Path, "open", open_on_full_disk)
    with pytest.raises(StorageError, match="No space left on device"):
        extract(path)
    monkeypatch.undo()
    assert left_behind(tmp_path) == []


def test_a_small_disk_is_a_storage_error_and_leaves_nothing(tmp_path, small_disk):
    path = pack(tmp_path / "a.zip", {"cat/1.jpg": random.randbytes(3 << 20)})
    with pytest.raises(StorageError, match=r"No space left on device\. Free some space there"):
        extract_archive(path, small_disk.path / "archives")
    assert list((small_disk.path / "archives").iterdir()) == []


def test_a_disk_that_fills_up_while_writing_is_a_storage_error(tmp_path, extract, monkeypatch):
    class FullFile(io.BytesIO):
        def write(self, chunk):
            raise OSError(errno.ENOSPC, "No space left on device")

    path = pack(tmp_path / "a.zip", FILES)
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, mode="r", *a: FullFile() if mode == "wb" else real(self, mode)
    )
    with pytest.raises(StorageError, match="No space left on device"):
        extract(path)


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path):
    path = pack(tmp_path / "a.zip", FILES)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="file"):
        extract_archive(path, tmp_path / "file/archives")


@pytest.mark.parametrize(
    "name", ["日本/猫.jpg", "-rf/'\"\n.jpg", b"caf\xe9/\xff.jpg".decode("utf-8", "surrogateescape")]
)
def test_any_name_in_an_archive_will_do(tmp_path, extract, name):
    path = pack(tmp_path / "a.tar", {name: b"x"})
    assert list(listed(extract(path)).values()) == [b"x"]


def test_a_file_where_a_folder_must_be_is_refused(tmp_path, extract):
    with pytest.raises(ArchiveError, match=r"a\.jpg/b\.jpg"):
        extract(pack(tmp_path / "a.tar", {"a.jpg": b"x", "a.jpg/b.jpg": b"y"}))


@pytest.mark.parametrize(
    ("name", "stem"), [("cats.tar.gz", "cats"), ("a.b.ZIP", "a.b"), ("cats.tgz", "cats")]
)
def test_stems_lose_the_whole_suffix(name, stem):
    assert archive_stem(Path(name)) == stem
