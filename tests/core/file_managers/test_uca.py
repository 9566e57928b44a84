from xml.etree import ElementTree

import pytest

from core.file_managers.uca import UcaError, UcaFile, fingerprint

TEXTS = {"unique-id": "fieldguide-classify", "name": "Us & <them>\r", "directories": None}
OTHER = b"<action><name>Other</name><unique-id>1-1</unique-id><odd a='&gt;&#10;'/></action>"

FILES = {
    "usual": b'<?xml version="1.0"?>\n<actions>\n\t' + OTHER + b"\n</actions>\n",
    "windows lines": b"<actions>\r\n" + OTHER + b"\r\n</actions>\r\n",
    "one line": b"<actions>" + OTHER + b"</actions>",
    "nothing in it": b"<actions></actions>",
    "empty element": b"<!-- x --><actions a='/>' />\n",
    "comments": b"<!-- </actions> --><actions>\n<!-- <action> ' -->\n</actions><!-- > -->",
    "comment in an action": b"<actions><action><!-- a --><name>x<!-- b -->y</name></action>"
    b"</actions>",
    "character data": b"<actions>\n<x><![CDATA[</actions> & more]]></x>\n</actions>",
    "doctype": b"<!DOCTYPE actions [<!ELEMENT actions (action)+>]>\n<actions a='>'>\n</actions>",
    "byte order mark": b"\xef\xbb\xbf<actions>\n</actions>",
    "other scripts": "<actions>\n<action><name>写真 é</name></action>\n</actions>".encode(),
    "blanks and line breaks": b"<actions><action><command> a\tb&#13;&#10; c </command>"
    b"</action></actions>",
    "translations": b"<actions><action><name>a</name><name xml:lang='de'>b</name></action>"
    b"</actions>",
    "fields of other versions": b"<actions><action><range>1-2</range><new/></action></actions>",
    "instructions": b"<actions>\n<?odd </actions> ?>\n</actions>\n<!-- end -->",
}


def elements(content: bytes) -> list[object]:
    """Names, attributes and, of the innermost, texts; the root first."""
    root = ElementTree.fromstring(content)
    return [
        (each.tag, each.attrib, None if len(each) or each is root else "".join(each.itertext()))
        for each in root.iter()
    ]


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_action_goes_in_and_out_and_the_others_keep_all_their_fields(content):
    changed = UcaFile.parse(content).with_own(TEXTS)
    file = UcaFile.parse(changed)
    assert file.own == TEXTS | {"directories": ""}
    assert elements(changed)[: len(elements(content))] == elements(content)
    assert elements(file.without_own()) == elements(content)
    assert UcaFile.parse(file.without_own()).own is None


def test_comments_between_actions_stay():
    content = b"<actions><!-- mine --><action><name>a</name></action></actions>"
    assert b"<!-- mine -->" in UcaFile.parse(content).with_own(TEXTS)


def test_the_action_is_replaced_where_it_is_there_already():
    first = UcaFile.parse(b"<actions>" + OTHER + b"</actions>").with_own(TEXTS)
    second = UcaFile.parse(first).with_own(TEXTS | {"name": "New"})
    assert UcaFile.parse(second).own["name"] == "New"
    assert second.count(b"<action>") == 2


def test_a_file_that_was_written_once_stays_the_same():
    once = UcaFile.parse(b"<actions>" + OTHER + b"</actions>").with_own(TEXTS)
    assert UcaFile.parse(once).with_own(TEXTS) == once


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no element"),
        (b"<actions>", "no element"),
        (b"<actions></action>", "mismatched"),
        (b"<other/>", "outermost element is “other”"),
        (b"<actions><name>\xff</name></actions>", "UTF-8"),
        (b"<actions/><actions/>", "junk"),
        (b"<actions>&odd;</actions>", "undefined entity"),
    ],
)
def test_what_thunar_cant_read_is_refused_with_the_reason(content, reason):
    with pytest.raises(UcaError, match=reason):
        UcaFile.parse(content)


def test_translated_texts_are_not_taken_for_the_name():
    content = b"<actions><action><unique-id>fieldguide-classify</unique-id><name>a</name>"
    content += b'<name xml:lang="de">b</name></action></actions>'
    own = UcaFile.parse(content).own
    assert own is not None
    assert own["name"] == "a"


def test_fingerprints_are_those_that_are_on_record():
    texts = {"icon": "i", "name": "n", "command": "c", "patterns": "*", "directories": ""}
    assert fingerprint(texts) == "['n', 'c', '*', '', None]"
