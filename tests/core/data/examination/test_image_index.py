import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from core.data.examination import image_index
from core.data.examination.image_index import ImageFacts, ImageIndex
from core.data.pixels.decoder import ResizeMode
from core.errors import StorageError
from core.image_fault import ImageFault

FACTS = ImageFacts(640, 480, b"looks", None)
DAMAGED = ImageFacts(0, 0, None, "is cut off (truncated)", ImageFault.TRUNCATED)


@pytest.fixture
def index(tmp_path):
    with ImageIndex(tmp_path / "pictures.sqlite") as index:
        yield index


def test_an_unchanged_file_is_known(index, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"one")
    index.record_hashes([(path, path.stat(), b"1" * 32)])
    assert index.sha256_of(path, path.stat()) == b"1" * 32
    assert index.known_hashes([path, tmp_path / "gone.jpg"]) == {path: b"1" * 32}


def test_a_rewritten_file_is_unknown_even_with_its_old_time(index, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"one")
    before = path.stat()
    index.record_hashes([(path, before, b"1" * 32)])
    path.write_bytes(b"two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert after.st_mtime_ns == before.st_mtime_ns
    while path.stat().st_ctime_ns == before.st_ctime_ns:  # the file system's clock is coarse
        path.chmod(0o600)
    assert index.known_hashes([path]) == {}


def test_names_need_not_be_unicode(index, tmp_path):
    path = tmp_path / os.fsdecode(b"-\xff\n'\".jpg")
    path.write_bytes(b"x")
    index.record_hashes([(path, path.stat(), b"1" * 32)])
    assert index.known_hashes([path]) == {path: b"1" * 32}


def test_facts_come_back(index):
    index.record_facts({b"a": FACTS, b"b": DAMAGED})
    assert index.known_facts([b"a", b"b", b"c"]) == {b"a": FACTS, b"b": DAMAGED}


def test_what_an_earlier_decoder_found_is_forgotten(tmp_path):
    path = tmp_path / "pictures.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "CREATE TABLE pictures (sha256 BLOB, decoder INTEGER, fit TEXT, width INTEGER, "
            "height INTEGER, signature BLOB, error TEXT, PRIMARY KEY (sha256, decoder, fit)"
            ") WITHOUT ROWID"
        )
        connection.execute(
            "INSERT INTO pictures VALUES (?, 1, 'squash', ?, ?, ?, ?)",
            (b"a", 640, 480, b"looks", None),
        )
    with ImageIndex(path) as index:
        assert index.known_facts([b"a", b"b"]) == {}
        index.record_facts({b"b": DAMAGED})
        assert index.known_facts([b"b"]) == {b"b": DAMAGED}


def test_all_that_was_found_is_kept(index):
    facts = replace(FACTS, num_pages=3, undeclared_largest=4001, is_flat=True)
    index.record_facts({b"a": facts})
    assert index.known_facts([b"a"]) == {b"a": facts}


def test_facts_hold_for_one_fit_and_one_decoder(index, monkeypatch):
    index.record_facts({b"a": FACTS}, ResizeMode.CROP)
    assert index.known_facts([b"a"], ResizeMode.CROP) == {b"a": FACTS}
    assert index.known_facts([b"a"]) == {}
    monkeypatch.setattr(image_index, "DECODER_VERSION", 999)
    assert index.known_facts([b"a"], ResizeMode.CROP) == {}


def test_many_are_looked_up_at_once(index, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x")
    paths = [tmp_path / f"./{number}.jpg" for number in range(1200)]
    index.record_hashes([(p, path.stat(), str(n).encode()) for n, p in enumerate(paths)])
    index.record_facts({str(number).encode(): FACTS for number in range(1200)})
    assert len(index.known_facts(str(number).encode() for number in range(1200))) == 1200
    assert index.sha256_of(paths[1100], path.stat()) == b"1100"


def test_the_index_outlives_its_process(tmp_path):
    for _ in range(2):
        with ImageIndex(tmp_path / "deep/pictures.sqlite") as index:
            index.record_facts({b"a": FACTS})
    with ImageIndex(tmp_path / "deep/pictures.sqlite") as index:
        assert index.known_facts([b"a"]) == {b"a": FACTS}


def test_it_lies_in_the_cache_folder(fieldguide_home):
    with ImageIndex() as index:
        index.record_facts({b"a": FACTS})
    assert (fieldguide_home / "cache/pictures.sqlite").is_file()


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_file_is_made_anew(tmp_path, damage):
    path = tmp_path / "pictures.sqlite"
    path.write_bytes(damage)
    with ImageIndex(path) as index:
        index.record_facts({b"a": FACTS})
        assert index.known_facts([b"a"]) == {b"a": FACTS}


def test_threads_and_two_connections_share_it(tmp_path):
    path = tmp_path / "pictures.sqlite"
    with ImageIndex(path) as first, ImageIndex(path) as second:

        def work(number):
            index = (first, second)[number % 2]
            index.record_facts({str(number).encode(): FACTS})
            return index.known_facts([str(number).encode()])

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(work, range(80)))
        assert len(first.known_facts(str(number).encode() for number in range(80))) == 80


def test_a_full_disk_is_a_storage_error(index):
    # SQLite reports a file at its page limit as it reports a full disk.
    index._database._connection.execute("PRAGMA max_page_count = 8")
    with pytest.raises(StorageError, match="full"):
        index.record_facts({str(n).encode(): FACTS for n in range(20_000)})
