"""`fieldguide backbones`: which pretrained feature extractors are on this computer."""

import argparse
import json
from pathlib import Path
from typing import Any

from core.backbones.backbone import BackboneInfo
from core.backbones.store import list_backbones
from core.cli.command import Commands
from core.cli.output import complain
from core.worker.events import BackboneImported, RequestFailed
from core.worker.process import WorkerProcess
from core.worker.requests import ImportBackboneRequest


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = commands.add_parser(
        "backbones",
        help="list or import pretrained feature extractors",
        description="The pretrained feature extractors that training can build on.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the backbones on this computer")
    listing.add_argument("--json", action="store_true", help="print one JSON object per backbone")
    listing.set_defaults(run=_list)
    importing = actions.add_parser(
        "import", help="copy a SavedModel folder, a .tar.gz of one, or a hub URL's model"
    )
    importing.add_argument("handle", metavar="FOLDER_ARCHIVE_OR_URL")
    importing.add_argument(
        "--name", help="what to call it; by default the last part of the folder or address"
    )
    importing.set_defaults(run=_import)


def _list(arguments: argparse.Namespace) -> int:
    for info in list_backbones():
        if arguments.json:
            print(json.dumps(_json(info)))
        else:
            height, width = info.input_size
            print(
                f"{info.name}: {width}×{height} pixels, {info.feature_dim} features, "
                f"{info.parameters / 1e6:.1f} million parameters"
            )
    return 0


def _json(info: BackboneInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "handle": info.handle,
        "family": info.family,
        "input_size": list(info.input_size),
        "feature_dim": info.feature_dim,
        "parameters": info.parameters,
        "on_this_computer": True,
    }


def _import(arguments: argparse.Namespace) -> int:
    request = ImportBackboneRequest(
        handle=arguments.handle, name=arguments.name or _name_for(arguments.handle)
    )
    for event in WorkerProcess().events(request):
        if isinstance(event, RequestFailed):
            complain(event.message)
            return 1
        if isinstance(event, BackboneImported):
            print(f"Imported. Use it with: --backbone {event.info.name}")
    return 0


def _name_for(handle: str) -> str:
    name = Path(handle.rstrip("/")).name
    for suffix in (".tar.gz", ".tgz", ".zip", ".tar"):
        name = name.removesuffix(suffix)
    return name
