"""The addresses that a backbone's archive can come from, in the order they are tried."""

import os
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from core.backbones.catalogue import find_entry
from core.backbones.kaggle_model import KAGGLE, KaggleModel, is_kaggle_model_address
from core.errors import BackboneError
from core.text import Text

MIRROR_VARIABLE = "FIELDGUIDE_HUB"
"""Environment variable with the address of a server to ask in the place of tfhub.dev.

Kaggle isn't asked then, unless there is a mirror of it too: who names a server wants no other.
"""
KAGGLE_MIRROR_VARIABLE = "FIELDGUIDE_KAGGLE"
"""Environment variable with the address of a server to ask in the place of www.kaggle.com."""
_HUB = "https://tfhub.dev/"


@dataclass(frozen=True, slots=True)
class DownloadSource:
    """One address of an archive.

    Attributes:
        url: What is asked.
        hash_part: The part of the handle's hashes that the archive's is; "" for the handle's own.
        suffix: End of the name of its files, since what came from one address is never continued
            from another.
    """

    url: str
    hash_part: str
    suffix: str

    @property
    def host(self) -> str:
        """The server's name."""
        return urlsplit(self.url).hostname or self.url


def download_sources(handle: str) -> tuple[DownloadSource, ...]:
    """Return all addresses that are known for a handle; at least one.

    A page of Kaggle is asked for its archive, and then as TensorFlow Hub's library asks for it.

    Raises:
        BackboneError: If it is an address of Kaggle that names no version of a model.
    """
    if is_kaggle_model_address(handle):
        model = _required_model(handle)
        page = _mirrored(model.page, KAGGLE, KAGGLE_MIRROR_VARIABLE)
        return _of_kaggle(model), _of_hub(page)
    hub = _of_hub(_mirrored(handle, _HUB, MIRROR_VARIABLE))
    entry = find_entry(handle)
    if entry is None or entry.kaggle is None or not _may_ask_kaggle():
        return (hub,)
    return hub, _of_kaggle(entry.kaggle)


def page_of(handle: str) -> str:
    """Return the address to open in a browser to download a backbone by hand; "" if unknown."""
    model = KaggleModel.of_address(handle)
    if model is not None:
        return model.page
    entry = find_entry(handle)
    return entry.page if entry is not None else ""


def name_of(handle: str) -> str:
    """Return the name to import a backbone under that was downloaded by hand; "" if unknown."""
    entry = find_entry(handle)
    if entry is not None:
        return entry.name
    model = KaggleModel.of_address(handle)
    return model.title if model is not None else ""


def _of_hub(address: str) -> DownloadSource:
    """Return the archive of an address as TensorFlow Hub's library asks for it."""
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query), ("tf-hub-format", "compressed")])
    return DownloadSource(urlunsplit(parts._replace(query=query)), "", ".tar.gz")


def _of_kaggle(model: KaggleModel) -> DownloadSource:
    url = _mirrored(model.archive, KAGGLE, KAGGLE_MIRROR_VARIABLE)
    return DownloadSource(url, model.archive, ".kaggle.tar.gz")


def _required_model(handle: str) -> KaggleModel:
    model = KaggleModel.of_address(handle)
    if model is None:
        raise BackboneError(
            Text(
                "%1 doesn't name a version of a TensorFlow 2 model. Open the page, choose "
                "TensorFlow 2 and a variation, and copy the address with the version at its "
                "end, such as %2.",
                handle,
                f"{KAGGLE}models/google/mobilenet-v2/tensorFlow2/100-224-feature-vector/2",
            )
        )
    return model


def _may_ask_kaggle() -> bool:
    return not os.environ.get(MIRROR_VARIABLE) or bool(os.environ.get(KAGGLE_MIRROR_VARIABLE))


def _mirrored(address: str, server: str, variable: str) -> str:
    mirror = os.environ.get(variable)
    if mirror and address.startswith(server):
        return mirror.rstrip("/") + "/" + address.removeprefix(server)
    return address
