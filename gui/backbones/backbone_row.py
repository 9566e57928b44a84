"""One backbone as the window shows it, whether or not it is on this computer."""

from dataclasses import dataclass

_BYTES_PER_WEIGHT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BackboneRow:
    """Facts about a backbone from the catalogue, from this computer, or from both.

    Attributes:
        name: Its name in settings and on the command line.
        page: Address to open in a browser; "" if unknown.
        year: Of publication; None if unknown.
        input_size: `(height, width)` in pixels.
        value_range: Lowest and highest value of a pixel that it takes.
        parameters: Number of weights, without any classification layer.
        multiply_adds: For one image; None if unknown.
        imagenet_top1: Published accuracy, in [0, 1]; None if unknown.
        stages: Widths of the stages that its graph shows; None if that isn't known.
        download_bytes: Size of the download; None if there is none or it is unknown.
        size_bytes: Size on this computer; None if it isn't there.
        is_embedded: Whether it came with the program and can't be removed.
        is_in_catalogue: Whether it can be downloaded, also again.
        is_tf1: Whether it was published in the TF1 format only, so that it can't be downloaded.
    """

    name: str
    title: str
    handle: str
    page: str = ""
    family: str = ""
    year: int | None = None
    input_size: tuple[int, int]
    value_range: tuple[float, float] = (0.0, 1.0)
    feature_dim: int
    stages: tuple[int, ...] | None = None
    parameters: int
    multiply_adds: int | None = None
    imagenet_top1: float | None = None
    imagenet_top1_source: str = ""
    download_bytes: int | None = None
    license: str = ""
    advice: str = ""
    size_bytes: int | None = None
    is_embedded: bool = False
    is_in_catalogue: bool = True
    is_tf1: bool = False

    @property
    def is_here(self) -> bool:
        """Whether it can be used without a download."""
        return self.is_embedded or self.size_bytes is not None

    @property
    def is_size_estimated(self) -> bool:
        """Whether `shown_bytes` is estimated from the number of weights."""
        return self.size_bytes is None and self.download_bytes is None

    @property
    def shown_bytes(self) -> int | None:
        """Size here or of the download; estimated from its weights if neither is known."""
        if self.size_bytes is not None:
            return self.size_bytes
        if self.download_bytes is not None:
            return self.download_bytes
        return self.parameters * _BYTES_PER_WEIGHT or None
