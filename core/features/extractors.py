"""Choose the engine that computes feature vectors on this computer.

On a processor each thread decodes its own images and runs a single-threaded LiteRT interpreter of
its own. This reached 0.79 of the rate of one two-threaded interpreter that gets decoded pixels;
one such interpreter fed by decoding threads has not been compared.
"""

from collections.abc import Sequence

from core.backbones.backbone import Backbone
from core.computer.processor import num_cores
from core.features.extract import Extractor
from core.litert.extractor import LitertExtractor, read_litert_backbone

FLOAT32 = "float32"
MIXED = "mixed"


def precision_for(*, gpu: bool) -> str:
    """Return the precision for the cache's key: vectors of a GPU differ in the third digit."""
    return MIXED if gpu else FLOAT32


def make_extractors(backbone: Backbone, *, gpu: bool) -> Sequence[Extractor]:
    """Make an extractor for each processor core: LiteRT's, or TensorFlow's shared by all.

    Raises:
        BackboneError: If the backbone can't be loaded.
    """
    if backbone.litert_path is not None and not gpu:
        model = read_litert_backbone(backbone.litert_path)
        return [LitertExtractor(model) for _ in range(num_cores())]
    # Imported here: it loads TensorFlow, which LiteRT doesn't need.
    from core.features.tensorflow_extractor import TensorFlowExtractor

    return [TensorFlowExtractor(backbone, mixed_precision=gpu)] * num_cores()
