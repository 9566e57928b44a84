"""Count the files that are left out, by what they are, and say so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from core.data.other_content import OtherContent
from core.storage.atomic_file import write_bytes_atomically
from core.storage.json_file import read_json_lines
from core.text import Text, count_text, sentences

# Files without a suffix that lie beside images; what they hold is text, as is expected.
_TEXTS = frozenset(
    [
        "attribution",
        "authors",
        "changelog",
        "changes",
        "checksums",
        "citation",
        "classes",
        "contributors",
        "copying",
        "credits",
        "dockerfile",
        "history",
        "index",
        "install",
        "labels",
        "licence",
        "license",
        "makefile",
        "manifest",
        "md5sums",
        "metadata",
        "names",
        "news",
        "notice",
        "readme",
        "sha1sums",
        "sha256sums",
        "todo",
        "version",
    ]
)
_BY_VALUE = {content.value: content for content in OtherContent}
_MOST_BYTES = 1 << 20


@dataclass(slots=True)
class _Files:
    """Files of one kind."""

    count: int
    name: str


@dataclass(slots=True)
class LeftOut:
    """The files of a folder that are no images, by what they are.

    Attributes:
        is_notable: Whether there are any that a user may miss; lists, texts and the like
            lie beside images in many folders.
    """

    is_notable: bool = False
    _files: dict[OtherContent, _Files] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of files."""
        return sum(files.count for files in self._files.values())

    def add(self, content: OtherContent, name: str, *, by_name: bool) -> None:
        """Count a file.

        Args:
            content: What it holds.
            name: Its name.
            by_name: Whether the name says so, rather than the first bytes.
        """
        files = self._files.get(content)
        if files is None:
            self._files[content] = _Files(1, name)
        else:
            files.count += 1
        if not self.is_notable:
            is_text = content is OtherContent.TEXT and name.lower() in _TEXTS
            self.is_notable = not (content.is_ordinary if by_name else is_text)

    def add_all(self, other: Self) -> None:
        """Count all the files that another one counts."""
        self.is_notable |= other.is_notable
        for content, files in other._files.items():
            mine = self._files.setdefault(content, _Files(0, files.name))
            mine.count += files.count

    def finding_text(self) -> Text:
        """A sentence about all of them, for a place that has images too."""
        return sentences(
            count_text("%n other file(s) (is|are) left out: %1.", "", self.count, self._listed()),
            *self._advice(),
        )

    def nothing_found_text(self, place: str) -> Text:
        """A sentence about a place without images, and what to do if something can be done."""
        if not self._files:
            return Text("%1 holds no pictures.", place)
        return sentences(
            count_text(
                "%1 holds %n file(s), and none is a picture that Fieldguide reads: %2.",
                "",
                self.count,
                place,
                self._listed(),
            ),
            *self._advice(),
        )

    def nothing_found_reason(self) -> str:
        """Why a place without images can't be used, worded to follow its name."""
        if not self._files:
            return "holds no picture"
        return count_text(
            "holds %n file(s), and none is a picture that Fieldguide reads: %1",
            "",
            self.count,
            self._listed(),
        )

    def empty_class_text(self, label: str) -> Text:
        """A sentence about a class folder without images."""
        if not self._files:
            return Text("The class folder “%1” holds no pictures and is left out.", label)
        return sentences(
            count_text(
                "The class folder “%1” is left out: it holds %n file(s), and none is a picture "
                "that Fieldguide reads: %2.",
                "",
                self.count,
                label,
                self._listed(),
            ),
            *self._advice(),
        )

    def _listed(self) -> Text:
        """What they are, the most first: "8 text files (such as a.txt) and 1 video (b.mp4)"."""
        by_number = sorted(self._files.items(), key=lambda item: -item[1].count)
        return _joined([_told(content, files) for content, files in by_number])

    def _advice(self) -> list[Text]:
        advice = []
        if any(content.is_unread_image for content in self._files):
            advice.append(Text("Export pictures of other formats as PNG or TIFF first."))
        if OtherContent.LFS_POINTER in self._files:
            advice.append(Text("Fetch the pictures with “git lfs pull” first."))
        return advice

    # Kept beside unpacked archives, which hold images and lists alone.

    def write(self, path: Path) -> None:
        """Write it to a file, a line a kind.

        Raises:
            StorageError: If that can't be done.
        """
        notable = self.is_notable
        lines = [
            json.dumps({"content": c, "count": f.count, "name": f.name, "is_notable": notable})
            for c, f in self._files.items()
        ]
        write_bytes_atomically(path, "".join(f"{line}\n" for line in lines).encode("ascii"))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote.

        Raises:
            OSError: If it can't be read.
            ValueError: If it is damaged.
        """
        found = cls()
        for line in read_json_lines(path, _MOST_BYTES):
            content, files, is_notable = _parsed(line)
            found._files[content] = files
            found.is_notable |= is_notable
        return found


def _parsed(line: object) -> tuple[OtherContent, _Files, bool]:
    match line:
        case {
            "content": str(content),
            "count": int(count),
            "name": str(name),
            "is_notable": bool(is_notable),
        } if count > 0 and content in _BY_VALUE:
            return _BY_VALUE[content], _Files(count, name), is_notable
    raise ValueError(Text("it is damaged"))


def _told(content: OtherContent, files: _Files) -> Text:
    counted = content.counted(files.count)
    if content.is_ordinary:
        return counted
    if files.count == 1:
        return Text("%1 (%2)", counted, files.name)
    return Text("%1 (such as %2)", counted, files.name)


def _joined(texts: Sequence[Text]) -> Text:
    *others, last = texts
    if not others:
        return last
    listed = others[0]
    for text in others[1:]:
        listed = Text("%1, %2", listed, text)
    return Text("%1 and %2", listed, last)
