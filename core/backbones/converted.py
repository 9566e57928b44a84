"""The SavedModel of a backbone whose weights are packed: made at first use, then kept."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from core.backbones.backbone import BackboneInfo, read_info, write_info
from core.backbones.efficientnet_lite.packed_weights import CONVERTER, PackedWeights
from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.prepared_folder import making
from core.errors import BackboneError, StorageError
from core.storage.app_dirs import cache_dir
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import read_json
from core.storage.storage_message import storage_message

logger = logging.getLogger(__name__)

_SAVED_MODEL_FOLDER = "saved_model"
_SEAL_FILE = "complete.json"
_FINGERPRINT = "saved_model_fingerprint"


def converted_saved_model(
    weights: PackedWeights, info: BackboneInfo, before_tensorflow: Callable[[], None]
) -> Path:
    """Return the folder of a backbone's SavedModel, made of its weights if it isn't there, whole.

    Its parent holds the `backbone.json`.

    Args:
        info: Of the backbone.
        before_tensorflow: Called before TensorFlow computes anything, to configure it.

    Raises:
        BackboneError: If the weights are missing or damaged.
        StorageError: If the cache can't be written.
    """
    folder = cache_dir() / "backbones" / f"{weights.name}-{weights.sha256[:8]}-{CONVERTER}"
    saved_model = folder / _SAVED_MODEL_FOLDER
    with making(folder):
        if not _is_whole(folder):
            before_tensorflow()
            try:
                _convert(weights, info, folder)
            except OSError as error:
                raise StorageError(storage_message("write", folder, error)) from error
    return saved_model


def _convert(weights: PackedWeights, info: BackboneInfo, folder: Path) -> None:
    # Imported here: it loads TensorFlow, which a backbone that was made can do without.
    from core.backbones.efficientnet_lite.network import EfficientNetLite
    from core.backbones.efficientnet_lite.saved_model import write_saved_model
    from core.backbones.efficientnet_lite.torch_weights import read_torch_weights

    arrays = read_torch_weights(weights.path(), weights.sha256)
    logger.info("Making the backbone %s", weights.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    saved_model = folder / _SAVED_MODEL_FOLDER
    architecture = weights.architecture
    backbone = EfficientNetLite(architecture, arrays)
    write_saved_model(weights.name, backbone, architecture.input_size, saved_model)
    write_info(folder, info)
    seal = {_FINGERPRINT: fingerprint_saved_model(saved_model)}
    write_json_atomically(folder / _SEAL_FILE, seal)


def _is_whole(folder: Path) -> bool:
    try:
        read_info(folder)
        expected = read_json(folder / _SEAL_FILE)[_FINGERPRINT]
        return bool(expected == fingerprint_saved_model(folder / _SAVED_MODEL_FOLDER))
    except (OSError, ValueError, KeyError, TypeError, BackboneError):
        return False
