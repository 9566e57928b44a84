"""With zips whose names are in the bytes that archivers of other systems write."""

import struct
import zipfile
import zlib

import pytest

from core.data.archives import zip_names
from core.data.archives.zip_names import code_pages, language
from core.data.dataset import ImageSource
from core.data.scanning.scan import scan_images
from core.errors import ArchiveError


class RawInfo(zipfile.ZipInfo):
    """An entry whose name is stored as it is, without a word on its encoding."""

    def __init__(self, raw):
        super().__init__(f"{zlib.crc32(raw)}")
        self.raw = raw

    def _encodeFilenameFlags(self):  # noqa: N802 - zipfile's
        return self.raw, self.flag_bits & ~0x800


def make_zip(path, *names, extra=b""):
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(names):
            info = RawInfo(name) if isinstance(name, bytes) else zipfile.ZipInfo(name)
            info.extra = extra
            archive.writestr(info, b"%d" % number)
    return path


@pytest.fixture
def speak(monkeypatch):
    def choose(spoken):
        for name in ("LC_ALL", "LC_CTYPE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", spoken)

    return choose


def labels(tmp_path, path):
    dataset = scan_images([ImageSource(path)], archive_dir=tmp_path / "archives")
    for number, image in enumerate(dataset.images):
        assert image.path.read_bytes() == b"%d" % number
    return dataset.labels


@pytest.mark.parametrize(
    ("spoken", "code_page", "name"),
    [
        ("de_DE.UTF-8", "cp850", "Äpfel"),
        ("de_DE.UTF-8", "cp1252", "Äpfel süß"),
        ("en_US.UTF-8", "cp437", "Äpfel"),
        ("C.UTF-8", "cp850", "Äpfel"),
        ("ja_JP.UTF-8", "cp932", "りんご"),
        ("ja_JP.UTF-8", "cp932", "表ソ"),  # a second byte is a backslash
        ("zh_CN.UTF-8", "gbk", "苹果"),
        ("zh_TW.UTF-8", "big5", "蘋果"),
        ("ko_KR.UTF-8", "cp949", "사과"),
        ("ru_RU.UTF-8", "cp866", "Яблоко"),
        ("ru_RU.UTF-8", "cp1251", "Яблоко"),
        ("pl_PL.UTF-8", "cp852", "Jabłka źrałe"),
        ("ja_JP.UTF-8", "utf-8", "りんご"),
        ("de_DE.UTF-8", "utf-8", "りんご"),
    ],
)
def test_names_are_read_as_archivers_of_the_language_write_them(
    tmp_path, speak, spoken, code_page, name
):
    speak(spoken)
    raw = name.encode(code_page)
    path = make_zip(tmp_path / "set.zip", b"set/a plain one/1.jpg", b"set/" + raw + b"/2.jpg")
    assert labels(tmp_path, path) == ("a plain one", name)


def test_names_that_say_they_are_utf8_are_so(tmp_path, speak):
    speak("ja_JP.UTF-8")
    path = make_zip(tmp_path / "set.zip", "set/b/1.jpg", "set/Äpfel/2.jpg")
    assert labels(tmp_path, path) == ("b", "Äpfel")


@pytest.mark.parametrize("checksum_of", [b"set/_pfel/1.jpg", b"set/\x8epfel/1.jpg"])
def test_info_zips_own_field_comes_first_if_it_is_of_this_name(tmp_path, speak, checksum_of):
    speak("de_DE.UTF-8")
    raw = b"set/\x8epfel/1.jpg"
    content = b"\1" + struct.pack("<L", zlib.crc32(checksum_of)) + "set/Ωpfel/1.jpg".encode()
    extra = struct.pack("<HH", 0x7075, len(content)) + content
    path = make_zip(tmp_path / "set.zip", raw, extra=extra)
    label = "Ωpfel" if checksum_of == raw else "Äpfel"
    assert labels(tmp_path, path) == (label,)


def test_names_of_no_code_page_of_the_language_are_read_all_the_same(tmp_path, speak):
    speak("ja_JP.UTF-8")
    path = make_zip(tmp_path / "set.zip", b"set/b/1.jpg", b"set/\x819/2.jpg")
    assert labels(tmp_path, path) == ("b", "ü9")


def test_a_zip_is_unpacked_anew_in_another_language(tmp_path, speak):
    raw = "りんご".encode("cp932")
    path = make_zip(tmp_path / "set.zip", b"set/a/1.jpg", b"set/" + raw + b"/2.jpg")
    speak("de_DE.UTF-8")
    assert "りんご" not in labels(tmp_path, path)
    speak("ja_JP.UTF-8")
    assert "りんご" in labels(tmp_path, path)


@pytest.mark.parametrize("raw", [b"..\\", b"../", b"/", "表".encode("cp932") + b"/../../"])
def test_decoded_names_lead_out_of_no_folder(tmp_path, speak, raw):
    speak("ja_JP.UTF-8")
    path = make_zip(tmp_path / "set.zip", raw + "りんご".encode("cp932") + b"/1.jpg")
    with pytest.raises(ArchiveError, match=r"absolute path|leads out"):
        labels(tmp_path, path)


def test_the_language_comes_from_the_environment_then_from_the_system(speak, monkeypatch):
    speak("pt_BR.UTF-8@x")
    assert language() == "pt_BR"
    monkeypatch.setenv("LC_ALL", "ja_JP.eucJP")
    assert language() == "ja_JP"
    for name in ("LC_ALL", "LANG"):
        monkeypatch.delenv(name)
    monkeypatch.setattr(zip_names.locale, "getlocale", lambda: ("ru_RU", "UTF-8"))
    assert language() == "ru_RU"
    monkeypatch.setattr(zip_names.locale, "getlocale", lambda: (None, None))
    assert language() == ""


def test_every_code_page_is_one_that_python_knows():
    for spoken in (*zip_names._CODE_PAGES, "de_DE", "xx", ""):
        assert all("é".encode(page, "replace") for page in code_pages(spoken))
    assert code_pages("zh-TW") == code_pages("zh_TW") != code_pages("zh_CN")
