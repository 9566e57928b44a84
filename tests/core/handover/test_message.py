import json
import os
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import HandOverError
from core.handover.message import MAX_BYTES, Destination, HandOver, MessageReader

REQUEST = HandOver(
    show=Destination.QUICK_WINDOW,
    paths=(Path("/a b/ü.jpg"), Path("/line\nbreak.png"), Path(os.fsdecode(b"/\xff\xfe.jpg"))),
    model="/models/tulips",
    activation_token="kwin-7",
)


def message(body: bytes, mark: bytes = b"FGhand1\n") -> bytes:
    return struct.pack("!8sI", mark, len(body)) + body


def changed(**values) -> bytes:
    content = json.loads(REQUEST.to_bytes()[12:]) | values
    return message(json.dumps(content).encode())


def test_any_path_comes_through():
    assert MessageReader().feed(REQUEST.to_bytes()) == REQUEST


@given(st.integers(1, 40))
def test_pieces_of_any_size_make_the_message(size):
    reader, content = MessageReader(), REQUEST.to_bytes()
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    assert [reader.feed(piece) for piece in pieces[:-1]] == [None] * (len(pieces) - 1)
    assert reader.feed(pieces[-1]) == REQUEST


@pytest.mark.parametrize(
    "content",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"x",
        message(b"{}", mark=b"FGhand2\n"),
        struct.pack("!8sI", b"FGhand1\n", MAX_BYTES + 1),
        message(b"rubbish"),
        message(b"\xff\xfe"),
        message(b"null"),
        message(b"[]"),
        message(b"[" * 100_000),
        REQUEST.to_bytes() + b"more",
        changed(show="desktop"),
        changed(show=[]),
        changed(paths="/a.jpg"),
        changed(paths=["a.jpg"]),
        changed(paths=["/a\0.jpg"]),
        changed(paths=["/\ud800.jpg"]),
        changed(paths=[1]),
        changed(model="tulips"),
        changed(model=None),
        changed(activation_token="a\nb"),
        changed(activation_token="a" * 2_000),
        changed(extra=1),
    ],
    ids=lambda content: repr(content[:30]),
)
def test_anything_else_is_refused(content):
    with pytest.raises(HandOverError):
        MessageReader().feed(content)


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_or_waited_for(content):
    with suppress(HandOverError):
        assert MessageReader().feed(content) is None


@given(st.binary(max_size=300))
def test_random_bodies_are_refused(body):
    with pytest.raises(HandOverError):
        MessageReader().feed(message(body))
