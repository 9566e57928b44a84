"""`fieldguide report --output FILE.pdf`."""

import os
import sys

from core.cli.ending import exit_code_of
from core.cli.report_arguments import ReportCall, say_written
from core.report.report_file import require_free, write_report_file


def run(call: ReportCall) -> int:
    """Write a report as PDF.

    Returns:
        The exit code.
    """
    return exit_code_of(lambda: _write(call))


def _write(call: ReportCall) -> int:
    require_free(call.output, force=call.force)
    # Imported here: a call that is refused needs no Qt.
    from core.report.report import make_report

    report = make_report(call.folders())
    if sys.platform.startswith("linux"):
        # No window is opened, so no display is needed; without one Qt would abort the process.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    from gui.report.pdf_document import pdf_document

    application = QGuiApplication([sys.argv[0]])
    content = pdf_document(report)
    del application
    write_report_file(call.output, content, force=call.force)
    say_written(call)
    return 0
