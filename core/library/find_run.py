"""Find the folder of a run that is named by its path or by its name; imports little."""

import os
from pathlib import Path

from core.errors import RunError
from core.text import Text

_MOST_CHARACTERS = 200


def find_run(named: Path) -> Path:
    """Return the folder that a user names by a path, or that of the run with this name.

    A path that exists wins. Upper and lower case of a name count only where it would be another
    run's name otherwise.

    Raises:
        RunError: If no run has the name, or several have; they are listed.
    """
    # Unlike the path's own method, this takes a name that is too long for a file.
    if os.path.exists(named):  # noqa: PTH110
        return named
    # Imported here: an image is classified in less time, and its model is mostly a folder.
    from core.library.run_names import listed_runs, runs_called

    name = str(named)
    found = runs_called(name)
    if len(found) == 1:
        return next(iter(found))
    if found:
        places = listed_runs(found)
        raise RunError(
            Text("%1 runs are called “%2”. Name one by its folder: %3", len(found), name, places)
        )
    if len(named.parts) > 1 or len(name) > _MOST_CHARACTERS:
        return named  # meant as a path: who opens it says what is wrong with it
    raise RunError(
        Text(
            "There is no folder %1 here, and no run is called that. The page Runs lists the names.",
            name,
        )
    )
