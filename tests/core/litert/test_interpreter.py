"""LiteRT files: what isn't LiteRT's own is never run, whoever else is in the process."""

from pathlib import Path

import pytest

from core.errors import ModelError
from core.litert.interpreter import LitertOperationError, load_interpreter
from core.models.predictor import Predictor, trained_classifier
from tests.models import write_model


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A LiteRT file that would write a file through TensorFlow, and that file."""
    import tensorflow as tf

    folder = tmp_path_factory.mktemp("writing")
    written = folder / "written"

    @tf.function(input_signature=[tf.TensorSpec([1, 8], tf.float32, name="images")])
    def call(images):
        writing = tf.raw_ops.WriteFile(filename=str(written), contents="written")
        with tf.control_dependencies([writing]):
            return {"probabilities": tf.identity(images)}

    owner = tf.Module()
    owner.call = call
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [call.get_concrete_function()], owner
    )
    operations = tf.lite.OpsSet
    converter.target_spec.supported_ops = [operations.TFLITE_BUILTINS, operations.SELECT_TF_OPS]
    path = folder / "writing.tflite"
    path.write_bytes(converter.convert())
    assert b"FlexWriteFile" in path.read_bytes()
    return path, written


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_operations_of_tensorflow_are_refused_even_where_it_is_loaded(writing) -> None:
    path, written = writing  # made by TensorFlow in this process
    for model in (path, path.read_bytes()):
        with pytest.raises(LitertOperationError, match="operations of TensorFlow"):
            load_interpreter(model, num_threads=1)
    assert not written.exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_model_folder_with_such_a_file_is_told_in_a_line(writing, tmp_path: Path) -> None:
    path, written = writing
    folder = write_model(tmp_path / "model")
    (folder / "model.tflite").write_bytes(path.read_bytes())
    with pytest.raises(
        ModelError, match=r"model\.tflite can't be run: it holds operations"
    ) as caught:
        Predictor(trained_classifier(folder))
    assert "\n" not in str(caught.value)
    assert not written.exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_operation_of_a_library_is_named(writing) -> None:
    content = writing[0].read_bytes().replace(b"FlexWriteFile", b"LibsWriteFile")
    with pytest.raises(LitertOperationError, match="the operation LibsWriteFile, which LiteRT"):
        load_interpreter(content, num_threads=1)
