"""`fieldguide backbones`: list pretrained feature extractors, get more, remove some."""

import argparse
import re
from pathlib import Path

from core.backbones.archive_hashes import forget_hash
from core.backbones.backbone import BackboneInfo
from core.backbones.catalogue import catalogue, find_entry
from core.backbones.kaggle_model import KaggleModel
from core.backbones.locate import with_address
from core.backbones.store import remove_backbone
from core.cli.backbone_listing import Row, as_json, as_text, caches_as_text, rows
from core.cli.command import Commands, add_command
from core.cli.output import EXIT_FAILED, EXIT_INTERRUPTED, complain, one_line
from core.cli.trust_option import add_trust_argument
from core.data.archives.extraction import archive_stem
from core.errors import BackboneError
from core.messages.events import BackboneImported, RequestCancelled, RequestFailed
from core.messages.requests import DownloadBackboneRequest, ImportBackboneRequest
from core.storage.caches import CACHE_NAMES, clear_cache, list_caches

_BackboneRequest = DownloadBackboneRequest | ImportBackboneRequest


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(
        commands,
        "backbones",
        description="The pretrained feature extractors that training can build on.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    _add_list(actions)
    _add_download(actions)
    _add_import(actions)
    removing = actions.add_parser("remove", help="remove downloaded or imported backbones")
    removing.add_argument("names", metavar="NAME", nargs="+")
    removing.set_defaults(run=_remove)
    caches = actions.add_parser("caches", help="list the caches with their sizes, or clear them")
    caches.add_argument(
        "--clear",
        metavar="CACHE",
        nargs="+",
        choices=CACHE_NAMES,
        default=[],
        help="clear these caches; they are filled again when needed",
    )
    caches.set_defaults(run=_caches)


def _add_list(actions: Commands) -> None:
    listing = actions.add_parser(
        "list", help="list the backbones on this computer, or the whole catalogue"
    )
    listing.add_argument("--all", action="store_true", help="list the whole catalogue")
    listing.add_argument(
        "--family", help="list only this family, such as `MobileNet V2`; case is ignored"
    )
    listing.add_argument("--json", action="store_true", help="print one JSON object per backbone")
    listing.set_defaults(run=_list)


def _add_download(actions: Commands) -> None:
    downloading = actions.add_parser(
        "download",
        help="download backbones of the catalogue from TensorFlow Hub or Kaggle",
        description="Download backbones of the catalogue from TensorFlow Hub or, where that "
        "fails, from Kaggle. An interrupted download resumes where it stopped. The system's "
        "proxy settings are used.",
    )
    downloading.add_argument("names", metavar="NAME", nargs="+")
    _add_accept_changed(downloading)
    add_trust_argument(downloading, "the backbone")
    downloading.set_defaults(run=_download)


def _add_import(actions: Commands) -> None:
    importing = actions.add_parser(
        "import", help="import a SavedModel folder, a .tar.gz of one, or a model of a hub"
    )
    importing.add_argument(
        "handle",
        metavar="SOURCE",
        help="a SavedModel folder, a .tar.gz of one, or an address on TensorFlow Hub or Kaggle",
    )
    importing.add_argument(
        "--name",
        help="name of the backbone; by default the last part of the folder or address. "
        "With a name of the catalogue it counts as that backbone",
    )
    importing.add_argument(
        "--value-range",
        type=_value_range,
        default=(0.0, 1.0),
        metavar="LOW,HIGH",
        help="input values for black and white: 0,1 (default), 0,255 or --value-range=-1,1",
    )
    importing.add_argument(
        "--input-size",
        type=_input_size,
        metavar="SIZE",
        help="input size in pixels, N or HxW, for models that accept any size",
    )
    _add_accept_changed(importing)
    add_trust_argument(importing, "the backbone")
    importing.set_defaults(run=_import)


def _add_accept_changed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--accept-changed",
        action="store_true",
        help="accept an address whose content has changed since the first download",
    )


def _list(arguments: argparse.Namespace) -> int:
    found = [row for row in rows(everything=arguments.all) if _is_of(row, arguments.family)]
    if not found and arguments.family:
        families = sorted({entry.family for entry in catalogue()})
        where = "in the catalogue" if arguments.all else "on this computer (--all shows all)"
        raise BackboneError(
            f"There is no backbone of the family {arguments.family!r} {where}. Families: "
            f"{', '.join(families)}."
        )
    for row in found:
        print(as_json(row) if arguments.json else as_text(row))
    return 0


def _download(arguments: argparse.Namespace) -> int:
    for name in arguments.names:
        entry = find_entry(name)
        if arguments.accept_changed and entry is not None:
            forget_hash(entry.handle)
        code, info = _follow(DownloadBackboneRequest(name=name, trust=arguments.trust))
        if info is None:
            return code
        print(one_line(f"{info.name} is on this computer. Use it with: --backbone {info.name}"))
    return 0


def _import(arguments: argparse.Namespace) -> int:
    handle = with_address(arguments.handle)
    if arguments.accept_changed:
        forget_hash(handle)
    request = ImportBackboneRequest(
        handle=handle,
        name=arguments.name or _name_of(handle),
        value_range=arguments.value_range,
        input_size=arguments.input_size,
        trust=arguments.trust,
    )
    code, info = _follow(request)
    if info is not None:
        print(one_line(f"Imported. Use it with: --backbone {info.name}"))
    return code


def _name_of(handle: str) -> str:
    model = KaggleModel.of_address(handle)
    return model.title if model is not None else archive_stem(Path(handle.rstrip("/")))


def _follow(request: _BackboneRequest) -> tuple[int, BackboneInfo | None]:
    """Carry out a request with a progress bar; Ctrl-C stops it, and it can be resumed.

    Returns:
        The program's exit code, and the backbone if it was imported.
    """
    # Imported here: other commands shouldn't wait for the display's modules.
    from core.cli.run_display import displayed_events
    from core.cli.run_terminal import TerminalDisplay

    *_, last = displayed_events(request, TerminalDisplay())
    match last:
        case RequestFailed(message):
            complain(message)
            return EXIT_FAILED, None
        case RequestCancelled():
            complain("Stopped. Run the same command again to resume.")
            return EXIT_INTERRUPTED, None
    assert isinstance(last, BackboneImported)
    return 0, last.info


def _remove(arguments: argparse.Namespace) -> int:
    for name in arguments.names:
        remove_backbone(name)
        print(one_line(f"Removed {name}."))
    return 0


def _caches(arguments: argparse.Namespace) -> int:
    for name in arguments.clear:
        clear_cache(name)
    print(caches_as_text(list_caches()))
    return 0


def _is_of(row: Row, family: str | None) -> bool:
    return family is None or row.family.casefold() == family.casefold()


def _value_range(text: str) -> tuple[float, float]:
    low, high = map(float, text.split(","))
    if not low < high:
        raise ValueError(text)
    return low, high


def _input_size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)(?:[x×](\d+))?", text)
    if not match or int(match[1]) < 1 or int(match[2] or 1) < 1:
        raise ValueError(text)
    return int(match[1]), int(match[2] or match[1])


# Part of the message about a wrong value.
_value_range.__name__ = "range of values"
_input_size.__name__ = "size"
