"""A child process for images alone: there in a moment, since it loads no TensorFlow."""

from collections.abc import Callable
from multiprocessing.connection import Connection

from core.messages.control import RunControl
from core.messages.events import Event
from core.messages.requests import CheckImagesRequest, CountImagesRequest, Request
from core.runs.log_file import log_to_nameless_file
from core.worker.image_check import check_images, count_images
from core.worker.main import prepare_process, serve


def run_image_worker(connection: Connection) -> None:
    """Run the child process: it takes a `CheckImagesRequest` or `CountImagesRequest`."""
    log_to_nameless_file()
    prepare_process()
    serve(connection, _run)


def _run(request: Request, send: Callable[[Event], None], control: RunControl) -> None:
    match request:
        case CheckImagesRequest():
            check_images(request, send, control)
        case CountImagesRequest():
            count_images(request, send)
        case _:
            raise TypeError(f"this worker looks at images only, not {type(request).__name__}")
