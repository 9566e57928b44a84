"""Addresses of backbones that a project or run names and no user of this computer asked for."""

import shlex

from core.backbones.catalogue import find_entry
from core.backbones.hub_download import is_downloaded
from core.backbones.locate import is_url, with_address
from core.errors import BackboneError
from core.text import Text


def is_strange_address(handle: str) -> bool:
    """Return whether a backbone would come from an address that is neither known nor used before.

    Its download is run on this computer, so a project from elsewhere must not decide it alone.
    """
    handle = with_address(handle)
    return is_url(handle) and find_entry(handle) is None and not is_downloaded(handle)


def refuse_strange_address(handle: str, origin: str) -> None:
    """Refuse to download from an address that the user didn't name.

    Args:
        handle: The backbone.
        origin: Who names it, such as `The project`.

    Raises:
        BackboneError: If `is_strange_address` is true for it.
    """
    if is_strange_address(handle):
        raise BackboneError(
            Text(
                "%1 uses the backbone %2, which isn't on this computer. If you trust that "
                "address, download it with: fieldguide backbones import %3",
                origin,
                handle,
                shlex.quote(handle),
            )
        )
