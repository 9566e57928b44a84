"""The kinds of files that are no images which can be read, and how to tell them."""

from enum import StrEnum
from typing import Self

from core.image_reading.foreign_content import NOT_AN_IMAGE, foreign_fault
from core.image_reading.image_formats import IMAGE_SUFFIXES
from core.text import Text, count_text

_ORDINARY = "ordinary"


class OtherContent(StrEnum):
    """What a file holds that is no image, or none that can be read.

    Attributes:
        is_ordinary: Whether such files lie beside images in many folders, so that nobody misses
            them when they are left out.
        suffixes: Of their names, lower-case, without the dot.
    """

    is_ordinary: bool
    suffixes: tuple[str, ...]
    _counted: Text

    def __new__(cls, value: str, counted: Text, suffixes: str = "", note: str = "") -> Self:
        """Make a member that is its value; its words and suffixes stand beside it."""
        content = str.__new__(cls, value)
        content._value_, content._counted = value, counted
        content.suffixes, content.is_ordinary = tuple(suffixes.split()), note == _ORDINARY
        return content

    DICOM = ("dicom", count_text("%n DICOM file(s)", "", 1), "dcm dicom dic ima")
    CAMERA_RAW = (
        "camera_raw",
        count_text("%n camera RAW file(s)", "", 1),
        "nef nrw cr2 cr3 crw dng arw srf sr2 orf rw2 raf pef ptx srw x3f 3fr fff iiq mos mrw erf "
        "kdc dcr rwl raw",
    )
    PHOTOSHOP = ("photoshop", count_text("%n Photoshop document(s)", "", 1), "psd psb")
    UNREAD_IMAGE = (
        "unread_image",
        count_text("%n picture(s) of a format that Fieldguide doesn't read", "", 1),
        # Microscope slides of many gigabytes begin as TIFF files do.
        "jxr wdp hdp xcf kra ora afphoto clip pdn tga exr hdr pic pict pct pcx dds sgi rgb ras "
        "qoi flif bpg djvu djv emf wmf icns cur ani eps ps ai indd cdr sketch fig nii nrrd mha mhd "
        "fits fit fts svs ndpi scn mrxs czi lif vsi nd2 oib oif ims",
    )
    SVG = ("svg", count_text("%n SVG drawing(s)", "", 1), "svg svgz")
    VIDEO = (
        "video",
        count_text("%n video(s)", "", 1),
        "mp4 m4v mov avi mkv webm wmv flv mpg mpeg mpe 3gp 3g2 mts m2ts ogv vob insv lrv",
    )
    PDF = ("pdf", count_text("%n PDF document(s)", "", 1), "pdf")
    ARCHIVE = (
        "archive",
        count_text("%n archive(s)", "", 1),
        "zip tar gz tgz xz txz bz2 tbz2 zst 7z rar iso dmg cab cbz cbr",
    )
    DATA = (
        "data",
        count_text("%n data file(s)", "", 1),
        "npy npz h5 hdf5 mat tfrecord tfrecords record parquet feather pkl pickle arrow lmdb mdb "
        "pt pth onnx tflite pb safetensors ckpt weights",
    )
    WEB_PAGE = (
        "web_page",
        count_text("%n web page(s)", "", 1),
        "html htm xhtml mht mhtml",
        _ORDINARY,
    )
    OFFICE = (
        "office",
        count_text("%n office document(s)", "", 1),
        "doc docx odt rtf xls xlsx ods ppt pptx odp pages numbers key",
        _ORDINARY,
    )
    TEXT = (
        "text",
        count_text("%n text file(s)", "", 1),
        "txt md rst log nfo tex names labels cfg conf ini toml srt vtt bib license",
        _ORDINARY,
    )
    ANNOTATIONS = (
        "annotations",
        count_text("%n list(s) or annotation file(s)", "", 1),
        "csv tsv json jsonl ndjson geojson xml yaml yml pbtxt xmp aae sqlite sqlite3",
        _ORDINARY,
    )
    SOUND = (
        "sound",
        count_text("%n sound file(s)", "", 1),
        "mp3 wav flac ogg oga m4a aac wma opus aif aiff mid midi",
        _ORDINARY,
    )
    PROGRAM = (
        "program",
        count_text("%n program(s) or script(s)", "", 1),
        "py pyc pyi ipynb sh bash bat cmd ps1 exe msi dll so dylib js mjs css c h cc cpp hpp java "
        "class jar go rs rb pl lua r jl m",
        _ORDINARY,
    )
    BY_OTHER_PROGRAMS = (
        "by_other_programs",
        count_text("%n file(s) that other programs keep beside pictures", "", 1),
        # .thm and the like are small copies of videos' first frames, not the user's images.
        "db lnk url webloc desktop thm lrcat lrdata pp3 dop cos ctg idx lock fieldguide",
        _ORDINARY,
    )
    LFS_POINTER = (
        "lfs_pointer",
        count_text("%n Git LFS pointer(s) to files that were never fetched", "", 1),
    )
    EMPTY = ("empty", count_text("%n empty file(s)", "", 1))
    UNKNOWN = ("unknown", count_text("%n file(s) of an unknown format", "", 1))
    ENCRYPTED = ("encrypted", count_text("%n encrypted file(s)", "", 1))
    FORBIDDEN = ("forbidden", count_text("%n file(s) that you have no right to read", "", 1))
    UNREADABLE = ("unreadable", count_text("%n file(s) that can't be read", "", 1))
    BROKEN_LINK = ("broken_link", count_text("%n link(s) to no file", "", 1))
    NO_FILE = ("no_file", count_text("%n pipe(s), socket(s) or device(s)", "", 1))

    def counted(self, count: int) -> Text:
        """Several of the kind: "2 PDF documents"."""
        return Text.of(self._counted.source, (), count)

    @property
    def is_unread_image(self) -> bool:
        """Whether it is an image of a format that other programs read and may export."""
        return self in _UNREAD_IMAGES


_UNREAD_IMAGES = frozenset(
    {
        OtherContent.DICOM,
        OtherContent.CAMERA_RAW,
        OtherContent.PHOTOSHOP,
        OtherContent.UNREAD_IMAGE,
        OtherContent.SVG,
    }
)

CONTENT_BY_SUFFIX = {
    suffix: content
    for content in OtherContent
    for suffix in content.suffixes
    if suffix not in IMAGE_SUFFIXES
}
"""What files are by the suffixes of their names; they needn't be opened."""

# What `core.image_reading.foreign_content` may say.
_BY_FAULT = {
    "EMPTY": OtherContent.EMPTY,
    "DICOM": OtherContent.DICOM,
    "PHOTOSHOP": OtherContent.PHOTOSHOP,
    "CAMERA_RAW": OtherContent.CAMERA_RAW,
    "UNREAD_FORMAT": OtherContent.UNREAD_IMAGE,
}
_ARRAYS = frozenset({"HDF5", "NetCDF", "NumPy array"})
_BY_REASON = {
    "is an SVG drawing": OtherContent.SVG,
    "is a video": OtherContent.VIDEO,
    "is a video (Matroska or WebM)": OtherContent.VIDEO,
    "is a video or a sound": OtherContent.VIDEO,
    "is a PDF document": OtherContent.PDF,
    "is a ZIP archive or an office document": OtherContent.ARCHIVE,
    "is a gzip archive": OtherContent.ARCHIVE,
    "is a RAR archive": OtherContent.ARCHIVE,
    "is a 7-Zip archive": OtherContent.ARCHIVE,
    "is a web page (HTML)": OtherContent.WEB_PAGE,
    "is plain text": OtherContent.TEXT,
    "is an XML document": OtherContent.ANNOTATIONS,
    "is a program": OtherContent.PROGRAM,
    "is a Git LFS pointer to a file that was never fetched": OtherContent.LFS_POINTER,
}


def foreign_content(start: bytes) -> OtherContent | None:
    """Return what the first bytes show that is no image; None if they show nothing of the kind."""
    fault = foreign_fault(start)
    if fault is None:
        return OtherContent.TEXT if _is_unicode(start) else None
    detail = str(fault.details[0]) if fault.details else ""
    if detail in _ARRAYS:
        return OtherContent.DATA
    told = detail.removesuffix(f", {NOT_AN_IMAGE}")
    return _BY_FAULT.get(fault.fault) or _BY_REASON.get(told, OtherContent.UNKNOWN)


def _is_unicode(start: bytes) -> bool:
    """Whether it is text in UTF-8 with letters that ASCII lacks; its last letter may be cut."""
    if start.isascii() or any(byte < 32 and byte not in b"\t\r\n\f" for byte in start):
        return False
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True
