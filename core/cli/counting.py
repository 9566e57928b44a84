"""A progress bar for commands that count pictures themselves."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

_INTERVAL_S = 0.1


@contextmanager
def counting(description: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while the block runs; nothing where that is no terminal.

    Yields:
        To be called with the number of pictures done so far.
    """
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(description, total=total)
        shown = 0.0

        def on_progress(done: int) -> None:
            nonlocal shown
            now = time.monotonic()
            if now - shown > _INTERVAL_S or done == total:
                shown = now
                progress.update(task, completed=done)

        yield on_progress
