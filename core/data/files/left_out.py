"""Count the files that are left out, by what they are, and say so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from core.data.files.other_content import OtherContent
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
_MOST_LETTERS = 255  # of a name; those in archives may be longer


@dataclass(slots=True)
class _Files:
    """Files of one kind.

    Attributes:
        count: Number of them.
        name: The first by name of those that a user may miss; "" if there is none.
    """

    count: int = 0
    name: str = ""

    def add(self, count: int, name: str) -> None:
        """Count some more."""
        self.count += count
        if name and (not self.name or name < self.name):
            self.name = name


@dataclass(slots=True)
class LeftOut:
    """The files of a folder that are no images, by what they are."""

    _files: dict[OtherContent, _Files] = field(default_factory=dict)

    @property
    def is_notable(self) -> bool:
        """Whether there are files that a user may miss.

        Lists, texts and the like lie beside images in many folders.
        """
        return any(files.name for files in self._files.values())

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
            files = self._files[content] = _Files()
        if by_name:
            is_expected = content.is_ordinary
        else:
            is_expected = content is OtherContent.TEXT and name.lower() in _TEXTS
        files.add(1, "" if is_expected else name[:_MOST_LETTERS])

    def add_all(self, other: Self) -> None:
        """Count all the files that another one counts."""
        for content, files in other._files.items():
            self._files.setdefault(content, _Files()).add(files.count, files.name)

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
        lines = [
            json.dumps({"content": content, "count": files.count, "name": files.name})
            for content, files in self._files.items()
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
            content, files = _parsed(line)
            found._files[content] = files
        return found


def _parsed(line: object) -> tuple[OtherContent, _Files]:
    match line:
        case {"content": str(content), "count": int(count), "name": str(name)} if (
            count > 0 and content in _BY_VALUE
        ):
            return _BY_VALUE[content], _Files(count, name)
    raise ValueError(Text("it is damaged"))


def _told(content: OtherContent, files: _Files) -> Text:
    counted = content.counted(files.count)
    if not files.name:
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
