"""Converts a SavedModel to a Core ML package.

    python conversion_program.py REQUEST.json

The request is `CoremlRequest.to_json_dict`. It prints its steps and a report, one JSON object a
line. A process of its own can be ended at any step, and what coremltools prints and changes in
TensorFlow stays in it. `PYTHONPATH` names the folder that holds `core`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

from core.export.programs.messages import end_with_parent, say

PREDICTED_CLASS = "classLabel"
PROBABILITIES = "classLabel_probs"
_INPUT = "images"
# In what coremltools says when weights can't be written, into its folder for temporary files.
_WRITER = "MIL FileWriter"
# Of Xcode's: a tab in which pictures can be dropped.
_PREVIEW = ("com.apple.coreml.model.preview.type", "imageClassifier")


def main(request_path: str) -> int:
    """Convert; return the exit code."""
    end_with_parent()
    os.environ["TQDM_DISABLE"] = "1"
    warnings.simplefilter("ignore")
    try:
        request = json.loads(Path(request_path).read_text(encoding="utf-8"))
        say(report=convert(request))
    except shutil.Error as error:  # a list of the files that could not be copied
        say(copy_errors=error.args[0])
        return 1
    except OSError as error:
        say(os_error=[error.errno, error.strerror or str(error), error.filename])
        return 1
    except Exception as error:  # noqa: BLE001 - whatever a converter raises becomes a message
        reason = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
        say(**{"write_error" if _WRITER in reason else "error": reason})
        return 1
    return 0


def convert(request: dict[str, Any]) -> dict[str, Any]:
    """Write the package and return facts about it."""
    say(progress="loading TensorFlow and coremltools")
    import coremltools as ct
    import tensorflow as tf

    say(progress="converting the graph")
    add_missing_operations()
    model = tf.saved_model.load(request["saved_model"])  # its variables live as long as it does
    made = ct.convert(
        [_graph(model, request["input_size"])],
        source="tensorflow",
        inputs=[_image_input(request["input_size"])],
        classifier_config=ct.ClassifierConfig(
            request["labels"], predicted_feature_name=PREDICTED_CLASS
        ),
        convert_to="mlprogram",
        compute_precision=ct.precision.FLOAT16,
        minimum_deployment_target=ct.target.iOS15,
        skip_model_load=True,
    )
    _describe(made, request)
    say(progress="saving the package")
    made.save(request["output"])
    say(progress="comparing the package with the model")
    return _report(Path(request["output"]), request)


def add_missing_operations() -> None:
    """Teach coremltools an operation of GELU that it doesn't know."""
    from coremltools.converters.mil import Builder, register_tf_op

    @register_tf_op(tf_alias=["Erfc"], override=True)
    def complement_of_erf(context: Any, node: Any) -> None:
        x = context[node.inputs[0]]
        context.add(node.name, Builder.sub(x=1.0, y=Builder.erf(x=x), name=node.name))


def _graph(model: Any, input_size: list[int]) -> Any:
    """Return the model's function from one image to its probabilities."""
    import tensorflow as tf

    serving_default = model.signatures["serving_default"]
    spec = tf.TensorSpec([1, *input_size, 3], tf.float32, name=_INPUT)

    # Core ML names the classes itself.
    @tf.function(input_signature=[spec], autograph=False)
    def classify(images: Any) -> dict[str, Any]:
        return {"probabilities": serving_default(images=images)["probabilities"]}

    return classify.get_concrete_function()


def _image_input(input_size: list[int]) -> Any:
    """Return the input: pictures, which Core ML divides by 255, as the model wants them."""
    import coremltools as ct

    return ct.ImageType(
        name=_INPUT,
        shape=(1, *input_size, 3),
        scale=1 / 255,
        color_layout=ct.colorlayout.RGB,
    )


def _describe(made: Any, request: dict[str, Any]) -> None:
    """Add what Xcode shows of a model."""
    about = request["metadata"]
    made.author, made.version = about["author"], about["version"]
    made.short_description = about["short_description"]
    made.input_description[_INPUT] = about["input"]
    made.output_description[PREDICTED_CLASS] = "The most probable class."
    made.output_description[PROBABILITIES] = "The probability of each class."
    made.user_defined_metadata.update(dict([_PREVIEW]) | about["facts"])


def _report(package: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Read the package again, and compare what it says of itself with the model.

    Raises:
        ValueError: If they differ.
    """
    import coremltools as ct

    from core.export.coreml.ml_program import MlProgram, NotComputedError

    program = MlProgram(package)
    size = [int(side) for side in program.image_size]
    if size != request["input_size"] or program.labels != request["labels"]:
        raise ValueError("the package has another size of pictures or other classes")
    try:
        program.trace()
        not_computed = ""
    except NotComputedError as error:
        not_computed = str(error)
    return {
        "coremltools": ct.__version__,
        "specification_version": program.specification_version,
        "compute_precision": "float16",
        "not_computed": not_computed,
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
