"""`main.py classify --window ...` that prints each image as its window gets it.

Also a light caller, which hands many images over, one by one.
"""

import sys
from pathlib import Path


def call(arguments: list[str]) -> int:
    import main as program
    from gui.quick.quick_controller import QuickController

    add = QuickController.add

    def add_and_print(self: QuickController, paths: tuple[Path, ...]) -> None:
        add(self, paths)
        for path in paths:
            sys.stdout.write(f"{path}\n")
        sys.stdout.flush()

    QuickController.add = add_and_print  # type: ignore[method-assign, assignment]
    sys.argv = ["main.py", "classify", "--window", *arguments]
    return program.main()


def hand_over_all(names: list[str]) -> int:
    from core.handover.client import hand_over_or_claim
    from core.handover.message import Destination, HandOver

    for name in names:
        request = HandOver(show=Destination.QUICK_WINDOW, paths=(Path(name),))
        is_taken, _lock = hand_over_or_claim(request)
        if not is_taken:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit({"call": call, "many": hand_over_all}[sys.argv[1]](sys.argv[2:]))
