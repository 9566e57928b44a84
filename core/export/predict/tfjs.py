"""Classifies pictures: python predict.py PHOTO...

Needs Node.js 18 or later, NumPy and Pillow; for some pictures more, see picture.py.
"""

import sys

if __name__ == "__main__":
    # Before the imports below, any of which may be missing.
    from command_line import main

    sys.exit(main(__doc__, sys.argv[1:]))

import json
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
from picture import DescribedModel


class Classifier(DescribedModel):
    """The model in this folder, which `predict.mjs` runs under Node.js."""

    def __init__(self, folder):
        super().__init__(folder)
        node = shutil.which("node")
        if node is None:
            raise RuntimeError("Node.js 18 or later is needed, and there is no node on PATH")
        # It ends when its input closes, with this program.
        self._node = subprocess.Popen(
            [node, str(Path(folder).resolve() / "predict.mjs"), "--pipe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.runtime = self._message()["runtime"]

    def probabilities(self, images):
        """From RGB pixels, uint8 `(n, height, width, 3)`, to float32 `(n, num_classes)`."""
        content = np.ascontiguousarray(images, np.uint8)
        try:
            self._node.stdin.write(struct.pack("<I", len(content)))
            self._node.stdin.write(content)
            self._node.stdin.flush()
        except OSError:
            pass  # it has ended; its last message says why
        size = self._message()["size"]
        answer = np.frombuffer(self._node.stdout.read(size), "<f4")
        return answer.reshape(len(content), -1).astype(np.float32)

    def _message(self):
        """A line of JSON."""
        line = self._node.stdout.readline()
        if not line:
            raise RuntimeError(f"Node.js ended with exit code {self._node.wait()}")
        message = json.loads(line)
        if "error" in message:
            raise RuntimeError(message["error"])
        return message
