"""A model on Kaggle by its address, and where its archive is.

The archive's address is the one that Kaggle's own library `kagglehub` asks: it needs no account for
public models, redirects to the storage, and holds the files of the SavedModel without a folder
around them.
"""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

KAGGLE = "https://www.kaggle.com/"
_HOSTS = ("www.kaggle.com", "kaggle.com")
_TENSORFLOW_2 = "tensorFlow2"
_PART = re.compile(r"\w[\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class KaggleModel:
    """One version of one variation of a model, as the address of its page has them."""

    owner: str
    model: str
    framework: str
    variation: str
    version: int

    @property
    def handle(self) -> str:
        """The short form that `kagglehub` takes."""
        parts = (self.owner, self.model, self.framework, self.variation, str(self.version))
        return "/".join(parts)

    @property
    def page(self) -> str:
        """The address to open in a browser."""
        return f"{KAGGLE}models/{self.handle}"

    @property
    def archive(self) -> str:
        """The address of its `.tar.gz`."""
        return f"{KAGGLE}api/v1/models/{self.handle}/download"

    @property
    def title(self) -> str:
        """A name for it, such as `mobilenet-v2-100-224-feature-vector`."""
        return f"{self.model}-{self.variation}"

    @classmethod
    def of_handle(cls, handle: str) -> Self | None:
        """Read the short form: owner, model, framework, variation, version; None if it isn't one.

        Only TensorFlow 2 is a framework here, so that few folders can be mistaken for one.
        """
        parts = handle.split("/")
        if len(parts) != 5 or not all(map(_PART.fullmatch, parts)):
            return None
        owner, model, framework, variation, version = parts
        if framework.lower() != _TENSORFLOW_2.lower() or not re.fullmatch(r"[1-9]\d{0,8}", version):
            return None
        return cls(owner, model, _TENSORFLOW_2, variation, int(version))

    @classmethod
    def of_address(cls, address: str) -> Self | None:
        """Read the address of a page, of today or of 2023, or of an archive; None for others."""
        parts = _parts_below_models(address)
        if parts and parts[-1] == "download":
            del parts[-1]
        if parts is not None and parts[2::2] == ["frameworks", "variations", "versions"]:
            parts = parts[:2] + parts[3::2]
        return cls.of_handle("/".join(parts)) if parts else None


def is_kaggle_model_address(address: str) -> bool:
    """Return whether an address is below Kaggle's models, complete or not."""
    return _parts_below_models(address) is not None


def _parts_below_models(address: str) -> list[str] | None:
    try:
        parsed = urlsplit(address)
        host = parsed.hostname
    except ValueError:
        return None
    if parsed.scheme not in ("https", "http") or host not in _HOSTS:
        return None
    path = parsed.path.strip("/").removeprefix("api/v1/")
    first, _, rest = path.partition("/")
    return rest.split("/") if first == "models" and rest else None
