"""Where in a SavedModel an operation stands, in words."""

import re
from typing import Any

from core.backbones.saved_model_bodies import Body, source_of
from core.text import Text

_LONGEST_NAME = 80
_UNUSUAL = re.compile(r"[^A-Za-z0-9_./-]")


class Places:
    """Names of places that tell which signature runs what stands there, if one does.

    Args:
        meta_graph: A `MetaGraphDef`.
        bodies: All its graphs, its own first.
    """

    def __init__(self, meta_graph: Any, bodies: list[Body]) -> None:
        self._functions = {body.function: body for body in bodies[1:]}
        self._signature_of_node: dict[str, str] = {}
        self._signature_of_function: dict[str, str] = {}
        for name in sorted(meta_graph.signature_def):
            outputs = meta_graph.signature_def[name].outputs.values()
            self._follow(name, bodies[0], [source_of(output.name) for output in outputs])

    def name(self, body: Body, node: Any) -> str:
        """Return where a node of a body stands."""
        if body.function:
            signature = self._signature_of_function.get(body.function)
            if not signature:
                return Text("the function %1", plain(body.function))
            return Text(
                "the function %1, which the signature %2 calls",
                plain(body.function),
                plain(signature),
            )
        signature = self._signature_of_node.get(node.name)
        return Text("the signature %1", plain(signature)) if signature else Text("the graph")

    def _follow(self, signature: str, graph: Body, outputs: list[str]) -> None:
        nodes = graph.before(outputs)
        for name in nodes:
            self._signature_of_node.setdefault(name, signature)
        waiting = [called for node, called in graph.calls if node.name in nodes]
        while waiting:
            name = waiting.pop()
            if name in self._functions and name not in self._signature_of_function:
                self._signature_of_function[name] = signature
                waiting += [called for _, called in self._functions[name].calls]


def plain(name: str) -> str:
    """Make a name from an unknown file safe to show: short, without control characters."""
    return _UNUSUAL.sub("?", name[:_LONGEST_NAME])
