"""The program's icon where desktops look for it."""

from core.file_managers.own_files import OwnFile
from core.file_managers.places import data_home
from resources import resource_path

ICON_NAME = "fieldguide"


def icon_file() -> OwnFile:
    """The drawing, for every size."""
    path = data_home() / "icons" / "hicolor" / "scalable" / "apps" / f"{ICON_NAME}.svg"
    return OwnFile(path, resource_path("icons", "fieldguide.svg").read_bytes())
