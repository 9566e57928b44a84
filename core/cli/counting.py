"""A progress bar for commands that count images."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

_INTERVAL_S = 0.1


@contextmanager
def counting(
    description: str, total: int, *, is_shown: bool = True
) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while the block runs, if that is a terminal.

    Args:
        is_shown: Whether to show a bar at all.

    Yields:
        A function to call with the number of images done so far.
    """
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not (is_shown and console.is_terminal),
        # Output belongs on standard output, not above the bar.
        redirect_stdout=False,
    ) as progress:
        task = progress.add_task(description, total=total)
        shown = 0.0

        def on_progress(done: int) -> None:
            nonlocal shown
            now = time.monotonic()
            if now - shown > _INTERVAL_S or done == total:
                shown = now
                progress.update(task, completed=done)

        yield on_progress
