"""The message by which one process of Fieldguide hands files over to another.

A message is a mark, the length of what follows, and JSON. The reader
trusts none of that: it may come from another version, or from another program.
"""

import json
import os
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from core.errors import HandOverError
from core.models.imagenet import IMAGENET
from core.text import Text

MAX_BYTES = 64 << 20
"""Longer messages are refused unread; hundreds of thousands of paths fit."""

ACCEPTED = b"FG1 accepted\n"
"""The whole answer to a message that was accepted; there is no answer to others."""

_HEAD = struct.Struct("!8sI")
_MARK = b"FGhand1\n"
_MAX_TOKEN = 1_000
_KEYS = {"show", "paths", "model", "activation_token"}


class Destination(StrEnum):
    """Where the images are to be shown."""

    QUICK_WINDOW = "quick_window"
    CLASSIFY_PAGE = "classify_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Images that are to be classified, and where.

    Attributes:
        paths: Files and folders, absolute.
        model: Model or run folder, absolute, or `core.models.imagenet.IMAGENET`; "" leaves the
            choice to the receiver.
        activation_token: With which the desktop lets a window come to the front; "" for none.
    """

    show: Destination
    paths: tuple[Path, ...]
    model: str = ""
    activation_token: str = ""

    def to_bytes(self) -> bytes:
        """Return the message.

        Raises:
            HandOverError: If it is longer than `MAX_BYTES`.
        """
        content = {
            "show": self.show.value,
            # JSON's escapes keep the surrogates that stand for bytes which are no text.
            "paths": [os.fspath(path) for path in self.paths],
            "model": self.model,
            "activation_token": self.activation_token,
        }
        body = json.dumps(content).encode("ascii")
        if len(body) > MAX_BYTES:
            raise HandOverError(Text("These are too many files to hand over."))
        return _HEAD.pack(_MARK, len(body)) + body

    @classmethod
    def from_body(cls, body: bytes) -> Self:
        """Read the JSON part of a message.

        Raises:
            HandOverError: If it is not valid.
        """
        try:
            content = json.loads(body)
            return cls._from_json(content)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise HandOverError(Text("The message can't be understood: %1", repr(error))) from error

    @classmethod
    def _from_json(cls, content: dict[str, Any]) -> Self:
        _require(isinstance(content, dict) and set(content) == _KEYS, "other keys")
        paths, model, token = content["paths"], content["model"], content["activation_token"]
        _require(isinstance(paths, list) and all(map(_is_path, paths)), "odd paths")
        _require(model in ("", IMAGENET) or _is_path(model), "an odd model")
        _require(isinstance(token, str) and len(token) <= _MAX_TOKEN, "an odd token")
        _require(token.isprintable() and token.isascii(), "an odd token")
        return cls(
            show=Destination(content["show"]),
            paths=tuple(map(Path, paths)),
            model=model,
            activation_token=token,
        )


class MessageReader:
    """Assembles a message from the pieces in which it arrives."""

    def __init__(self) -> None:
        self._content = bytearray()

    def feed(self, piece: bytes) -> HandOver | None:
        """Take the next piece, and return the message once it is complete.

        Raises:
            HandOverError: As soon as it is clear that it is not valid.
        """
        self._content += piece
        if len(self._content) < _HEAD.size:
            _require(_MARK.startswith(self._content[: len(_MARK)]), "another mark")
            return None
        mark, length = _HEAD.unpack_from(self._content)
        _require(mark == _MARK, "another mark")
        _require(length <= MAX_BYTES, "too long")
        missing = _HEAD.size + length - len(self._content)
        _require(missing >= 0, "more than one message")
        return None if missing else HandOver.from_body(bytes(self._content[_HEAD.size :]))


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise HandOverError(Text("This is no message of this version of Fieldguide: %1.", what))


def _is_path(value: object) -> bool:
    if not isinstance(value, str) or "\0" in value or not os.path.isabs(value):  # noqa: PTH117
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True
