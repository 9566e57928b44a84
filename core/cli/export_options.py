"""The options of `fieldguide export`, from `ExportOptions`."""

import argparse
from pathlib import Path

from core.data.dataset import ImageSource
from core.export.formats.format import export_formats, format_named
from core.export_spec.export_format import Precision
from core.export_spec.export_options import ExportOptions, TftrtOptions

_FORMATS = export_formats()
_NAMES = ", ".join(chosen.name for chosen in _FORMATS)
_WITH_PRECISION = " and ".join(chosen.name for chosen in _FORMATS if chosen.has_precision)
_WITH_VERSION = " and ".join(chosen.name for chosen in _FORMATS if chosen.has_version)
_DEFAULTS = ExportOptions(formats=_FORMATS)
_TFTRT = _DEFAULTS.tftrt


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments except the model."""
    parser.add_argument(
        "--format",
        dest="formats",
        nargs="+",
        action="extend",
        choices=[chosen.name for chosen in _FORMATS],
        metavar="FORMAT",
        help=f"formats to export to: {_NAMES}",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for the artifacts, a subfolder each; by default `exports` next to the model",
    )
    parser.add_argument(
        "--require-accuracy",
        type=float,
        metavar="X",
        help="export nothing if the model's accuracy is below X, from 0 to 1",
    )
    parser.add_argument(
        "--images",
        nargs="+",
        type=Path,
        default=[],
        metavar="IMAGES",
        help="labelled pictures to verify with, instead of the run's test split",
    )
    parser.add_argument(
        "--num-pictures",
        dest="num_images",
        type=int,
        default=_DEFAULTS.num_images,
        metavar="N",
        help="largest number of pictures to verify with (default: %(default)s)",
    )
    parser.add_argument(
        "--num-representative",
        type=int,
        default=_DEFAULTS.num_representative,
        metavar="N",
        help="number of training pictures that set the value ranges of tflite-int8 "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--serving-version",
        type=int,
        metavar="N",
        help="put the SavedModel into a folder of this number, for TensorFlow Serving",
    )
    _add_tftrt_arguments(parser)


def _add_tftrt_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(_WITH_PRECISION)
    group.add_argument(
        "--precision",
        dest="precisions",
        nargs="+",
        choices=[precision.value for precision in Precision],
        metavar="PRECISION",
        help="precisions to export, of fp32, fp16 and int8, an artifact each (default: fp16)",
    )
    group.add_argument(
        "--batch-sizes",
        nargs="+",
        type=int,
        default=list(_TFTRT.batch_sizes),
        metavar="N",
        help="batch sizes to build engines for (default: 1 8 32)",
    )
    group.add_argument(
        "--workspace",
        type=int,
        default=_TFTRT.workspace_mib,
        metavar="MIB",
        help="GPU memory in MiB that TensorRT may use as workspace (default: %(default)s)",
    )
    group.add_argument(
        "--min-segment-size",
        type=int,
        default=_TFTRT.min_segment_size,
        metavar="N",
        help="smallest number of operations in an engine (default: %(default)s)",
    )
    group.add_argument(
        "--num-calibration",
        type=int,
        default=_TFTRT.num_calibration,
        metavar="N",
        help="number of training pictures for INT8 calibration (default: %(default)s)",
    )
    group.add_argument(
        "--tftrt-python",
        type=Path,
        metavar="PYTHON",
        help="Python of an environment with TF-TRT; by default FIELDGUIDE_TFTRT_PYTHON, or "
        "the one that packaging/tftrt made",
    )
    group.add_argument(
        "--check-tf-trt",
        action="store_true",
        help="only print whether TF-TRT can be used here, and what is missing",
    )


def chosen_options(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> ExportOptions:
    """Return the options; exit with a usage error if a value is invalid."""
    if not arguments.formats:
        parser.error(f"name at least one --format: {_NAMES}")
    formats = tuple(format_named(name) for name in dict.fromkeys(arguments.formats))
    precisions = arguments.precisions or [precision.value for precision in _TFTRT.precisions]
    if arguments.precisions and not any(chosen.has_precision for chosen in formats):
        parser.error(f"--precision is for {_WITH_PRECISION}; TFLite has a format for each")
    if arguments.serving_version is not None and not any(each.has_version for each in formats):
        parser.error(f"--serving-version is for --format {_WITH_VERSION}")
    try:
        return ExportOptions(
            formats=formats,
            output=arguments.output,
            version=arguments.serving_version,
            require_accuracy=arguments.require_accuracy,
            num_images=arguments.num_images,
            num_representative=arguments.num_representative,
            images=tuple(ImageSource(path) for path in arguments.images),
            tftrt=TftrtOptions(
                precisions=tuple(Precision(name) for name in dict.fromkeys(precisions)),
                batch_sizes=tuple(sorted(set(arguments.batch_sizes))),
                workspace_mib=arguments.workspace,
                min_segment_size=arguments.min_segment_size,
                num_calibration=arguments.num_calibration,
                python=arguments.tftrt_python,
            ),
        )
    except ValueError as error:
        parser.error(str(error))
