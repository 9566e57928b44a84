"""The graphs of a SavedModel as its file holds them, to be looked at and never run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tensorflow.python.framework import op_def_registry


@dataclass(frozen=True, slots=True)
class Body:
    """A graph or the content of a function.

    Attributes:
        function: The function's name; "" for the graph itself.
        nodes: All of them, `NodeDef`s.
        by_name: The same by their names.
        arguments: Names of a function's arguments, in order.
        attributes: Names of a function's attributes.
        calls: A node and the name of a function that it calls or is given, for each such pair.
    """

    function: str
    nodes: tuple[Any, ...]
    by_name: Mapping[str, Any] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    attributes: frozenset[str] = frozenset()
    calls: tuple[tuple[Any, str], ...] = ()

    def inputs(self, node: Any) -> list[str]:
        """Return the names of the nodes and arguments whose values a node takes, in order."""
        return [source_of(name) for name in node.input if not name.startswith("^")]

    def before(self, names: Iterable[str]) -> set[str]:
        """Return these nodes and all that are computed before them."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found and name in self.by_name:
                found.add(name)
                waiting += map(source_of, self.by_name[name].input)
        return found

    def behind(self, names: Iterable[str]) -> set[str]:
        """Return these nodes and all that take their values or wait for them, directly or not."""
        users: dict[str, list[str]] = {}
        for node in self.nodes:
            for name in node.input:
                users.setdefault(source_of(name), []).append(node.name)
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += users.get(name, ())
        return found


def bodies_of(meta_graph: Any) -> list[Body]:
    """Return the graph of a `MetaGraphDef` and its functions, called or not."""
    graph = meta_graph.graph_def
    bodies = [Body("", **_content(graph.node))]
    for function in graph.library.function:
        arguments = tuple(argument.name for argument in function.signature.input_arg)
        bodies.append(
            Body(
                function.signature.name,
                arguments=arguments,
                attributes=frozenset(function.attr),
                **_content(function.node_def),
            )
        )
    return bodies


def source_of(name: str) -> str:
    """Return the node or argument that an input names: `a` for `^a`, `a:0`, `a:output:0`."""
    return name.removeprefix("^").partition(":")[0]


@cache
def is_operation(name: str) -> bool:
    """Return whether TensorFlow has an operation of this name."""
    return op_def_registry.get(name) is not None


def _content(nodes: Iterable[Any]) -> dict[str, Any]:
    nodes = tuple(nodes)
    return {
        "nodes": nodes,
        "by_name": {node.name: node for node in nodes},
        "calls": tuple((node, name) for node in nodes for name in _called_by(node)),
    }


def _called_by(node: Any) -> Iterator[str]:
    if not is_operation(node.op):
        yield node.op  # old graphs call functions so
    # Looking through the attributes of all nodes would take ten times as long.
    elif _takes_functions(node.op):
        for value in node.attr.values():
            yield from _functions_in(value)


@cache
def _takes_functions(operation: str) -> bool:
    attributes = op_def_registry.get(operation).attr
    return any(attribute.type in ("func", "list(func)") for attribute in attributes)


def _functions_in(value: Any) -> Iterator[str]:
    given = [value.func] if value.HasField("func") else list(value.list.func)
    for function in given:
        yield function.name
        for inner in function.attr.values():
            yield from _functions_in(inner)
