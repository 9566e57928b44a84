"""Takes single files out of npm's packages, after a look at their hashes.

    python unpack.py ARCHIVES TARGET

ARCHIVES is the folder with the packages, TARGET the one that gets the files, in `package/dist` of
which they lie.
"""

import hashlib
import sys
import tarfile
from pathlib import Path

PACKAGES = {
    "tensorflow-tfjs-4.22.0.tgz": (
        "56505c191e24116787477b3bb5bb1cc0cf1c2bdce8112b9c402a8a2d31cf2f00",
        ("tf.min.js",),
    ),
    "tensorflow-tfjs-backend-wasm-4.22.0.tgz": (
        "5cd6f5e18657c12fb94f4ec3dcef485c8c1a9ca39f3ef1d261c1cb13c1a231c3",
        ("tf-backend-wasm.min.js", "tfjs-backend-wasm-simd.wasm"),
    ),
}


def main(archives: Path, target: Path) -> None:
    """Unpack all, or end with the package that isn't as published."""
    for name, (sha256, members) in PACKAGES.items():
        content = (archives / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            sys.exit(f"{name} is not the package that was published: its SHA-256 differs")
        with tarfile.open(archives / name) as archive:
            for member in members:
                file = archive.extractfile(f"package/dist/{member}")
                assert file is not None
                (target / member).write_bytes(file.read())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
