import pytest

from core.file_managers.uca import UcaError, UcaFile, own_action

ACTION = own_action(
    {"unique-id": "fieldguide-classify", "name": "Us & <them>", "directories": None}
)
OTHER = b"<action><name>Other</name><unique-id>1-1</unique-id><odd a='>'/></action>"

FILES = {
    "usual": b'<?xml version="1.0"?>\n<actions>\n\t' + OTHER + b"\n</actions>\n",
    "windows lines": b"<actions>\r\n" + OTHER + b"\r\n</actions>\r\n",
    "indented end": b"<actions>\n  " + OTHER + b"\n  </actions >",
    "one line": b"<actions>" + OTHER + b"</actions>",
    "one line, own line before": b"\n\n<actions>\n" + OTHER + b"</actions>",
    "nothing in it": b"<actions></actions>",
    "comments": b"<!-- </actions> --><actions>\n<!-- <action> ' -->\n</actions><!-- > -->",
    "character data": b"<actions>\n<x><![CDATA[</actions>]]></x>\n</actions>",
    "doctype": b"<!DOCTYPE actions [<!ELEMENT actions (action)+>]>\n<actions a='>'>\n</actions>",
    "byte order mark": b"\xef\xbb\xbf<actions>\n</actions>",
    "other scripts": "<actions>\n<action><name>写真 é</name></action>\n</actions>".encode(),
    "instructions": b"<actions>\n<?odd </actions> ?>\n</actions>\n<!-- end -->",
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_action_goes_in_and_out_without_touching_another_byte(content):
    changed = UcaFile.parse(content).with_action(ACTION)
    file = UcaFile.parse(changed)
    assert file.own is not None
    assert file.own.texts["name"] == "Us & <them>"
    assert file.without_own() == content
    own = changed[file.own.start : file.own.end]
    assert own.replace(b"\r\n", b"\n") == ACTION
    assert changed.replace(own, b"").split() == content.split()


def test_action_goes_into_an_empty_element():
    changed = UcaFile.parse(b"<!-- x --><actions a='/>' />\n").with_action(ACTION)
    assert changed == b"<!-- x --><actions a='/>' >" + ACTION + b"</actions>\n"


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
    assert own.texts["name"] == "a"
