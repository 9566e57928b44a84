"""A cache's file heals itself, and says clearly when the disk doesn't let it."""

import logging
import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from core.errors import StorageError
from core.storage.cache_database import CacheDatabase

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (text TEXT);"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "notes.sqlite"


@pytest.fixture
def open_database(path: Path):
    opened = []

    def make(schema: str = SCHEMA) -> CacheDatabase:
        opened.append(CacheDatabase(path, schema))
        return opened[-1]

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def filled_file(open_database, path: Path) -> bytes:
    database = open_database()
    for _ in range(200):
        add(database, "a" * 1000)
    database.close()
    return path.read_bytes()


def add(database: CacheDatabase, text: str) -> None:
    database.run(
        lambda connection: connection.execute("INSERT INTO notes VALUES (?)", [text]), None
    )


def notes(database: CacheDatabase) -> list[str]:
    def select(connection: sqlite3.Connection) -> list[str]:
        return [text for (text,) in connection.execute("SELECT text FROM notes")]

    return database.run(select, ["nothing"])


def test_keeps_what_it_was_given(open_database) -> None:
    first = open_database()
    add(first, "grün")
    first.close()
    assert notes(open_database()) == ["grün"]


def test_action_that_raises_changes_nothing(open_database) -> None:
    database = open_database()

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO notes VALUES ('half')")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.run(fail, None)
    assert notes(database) == []


@pytest.mark.parametrize("content", [b"no database " * 500, b"SQLite format 3\0" + bytes(4080)])
def test_garbage_is_made_anew_on_opening(open_database, path: Path, content, caplog) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    database = open_database()
    add(database, "new")
    assert notes(database) == ["new"]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert str(path) in caplog.text


def test_half_written_file_is_made_anew(open_database, path: Path, filled_file: bytes) -> None:
    path.write_bytes(filled_file[: len(filled_file) // 2])
    database = open_database()
    add(database, "new")
    assert notes(database) == ["new"]


def test_damage_that_shows_in_use_is_made_anew(
    open_database, path: Path, filled_file: bytes, caplog
) -> None:
    path.write_bytes(filled_file[:8192] + b"\x55" * (len(filled_file) - 8192))
    database = open_database()
    assert caplog.records == []
    assert notes(database) == ["nothing"]
    assert "made anew" in caplog.text
    add(database, "new")
    assert notes(database) == ["new"]


def test_tables_of_another_version_are_made_anew(open_database) -> None:
    first = open_database("CREATE TABLE IF NOT EXISTS notes (other INTEGER, more INTEGER);")
    first.close()
    database = open_database()
    assert notes(database) == ["nothing"]
    add(database, "new")
    assert notes(database) == ["new"]


def test_full_disk_is_an_error_that_names_the_file(open_database, path: Path) -> None:
    database = open_database()
    add(database, "kept")
    # What SQLite says when a write finds no room.
    database.run(lambda connection: connection.execute("PRAGMA max_page_count=10"), None)
    with pytest.raises(StorageError) as caught:
        add(database, "a" * 100_000)
    message = str(caught.value)
    assert str(path) in message
    assert "database or disk is full" in message
    assert "\n" not in message
    assert notes(database) == ["kept"]


def test_folder_that_cant_be_made_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    path = tmp_path / "file" / "notes.sqlite"
    with pytest.raises(StorageError, match=r"notes\.sqlite"):
        CacheDatabase(path, SCHEMA)


def test_folder_in_place_of_the_file_is_an_error_and_stays(path: Path) -> None:
    (path / "photos").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"notes\.sqlite"):
        CacheDatabase(path, SCHEMA)
    assert (path / "photos").is_dir()


def test_file_that_was_made_anew_by_another_is_not_removed_again(open_database, path: Path) -> None:
    first, second = open_database(), open_database()
    add(first, "old")
    damage = "no such table is damage as well"
    assert first.run(lambda connection: connection.execute("SELECT * FROM gone"), damage) == damage
    add(first, "new")
    assert second.run(lambda connection: connection.execute("SELECT * FROM gone"), damage) == damage
    assert notes(second) == ["new"]


@pytest.mark.parametrize("content", [None, b"no database " * 500], ids=["absent", "damaged"])
def test_processes_may_make_it_at_once(open_database, path: Path, content) -> None:
    if content:
        path.parent.mkdir()
        path.write_bytes(content)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    writers = [context.Process(target=write_many, args=(path, barrier)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert len(notes(open_database())) == 90


def write_many(path: Path, barrier) -> None:
    barrier.wait()
    database = CacheDatabase(path, SCHEMA)
    for _ in range(30):
        add(database, "note")
    database.close()
