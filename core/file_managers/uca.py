"""Thunar's file of custom actions: add or remove one action, keep the others.

Layout and comments outside of the actions may change: Thunar itself writes the file anew, without
them, whenever an action is changed in its dialog.
"""

import copy
from collections.abc import Mapping
from xml.etree import ElementTree

from core.text import Text

UNIQUE_ID = "fieldguide-classify"
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n</actions>\n'

_COMPARED = ("name", "command", "patterns", "directories", "image-files")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class UcaError(ValueError):
    """Thunar can't read the file; the message says why."""


class UcaFile:
    """The actions of a file.

    Attributes:
        own: Texts of Fieldguide's action by element, without translations; None if there is none.
    """

    def __init__(self, root: ElementTree.Element) -> None:
        self._root = root
        action = _own_action(root)
        self.own = None if action is None else _texts(action)

    @classmethod
    def parse(cls, content: bytes) -> "UcaFile":
        """Read the actions.

        Raises:
            UcaError: If this isn't well-formed XML in UTF-8 with `actions` outermost.
        """
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UcaError(Text("it isn't UTF-8")) from error
        builder = ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
        parser = ElementTree.XMLParser(target=builder, encoding="UTF-8")
        try:
            root = ElementTree.XML(content, parser)
        except ElementTree.ParseError as error:
            raise UcaError(str(error)) from error
        if root.tag != "actions":
            raise UcaError(Text("its outermost element is “%1”, not “actions”", root.tag))
        return cls(root)

    def with_own(self, texts: Mapping[str, str | None]) -> bytes:
        """Return the file with Fieldguide's action as its last; an existing one is replaced.

        Args:
            texts: By element; None makes an empty one.
        """
        root = self._root_without_own()
        action = ElementTree.SubElement(root, "action")
        for name, text in texts.items():
            ElementTree.SubElement(action, name).text = text
        return _to_bytes(root)

    def without_own(self) -> bytes:
        """Return the file without Fieldguide's action."""
        return _to_bytes(self._root_without_own())

    def _root_without_own(self) -> ElementTree.Element:
        root = copy.deepcopy(self._root)
        action = _own_action(root)
        if action is not None:
            root.remove(action)
        return root


def fingerprint(texts: Mapping[str, str]) -> str:
    """Return what matters about an action, whatever its layout."""
    return repr([texts.get(name) for name in _COMPARED])


def _own_action(root: ElementTree.Element) -> ElementTree.Element | None:
    actions = root.findall("action")
    return next((each for each in actions if _texts(each).get("unique-id") == UNIQUE_ID), None)


def _texts(action: ElementTree.Element) -> dict[str, str]:
    elements = (each for each in action if _LANGUAGE not in each.attrib)
    return {each.tag: "".join(each.itertext()) for each in elements}


def _to_bytes(root: ElementTree.Element) -> bytes:
    if not len(root) and not (root.text or "").strip():
        root.text = None  # the layout of an action that is gone
    ElementTree.indent(root, "\t")
    content: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    # A bare one is read back as a line break.
    return content.replace(b"\r", b"&#13;") + b"\n"
