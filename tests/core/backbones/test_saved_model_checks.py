"""Graphs lose their checks of shapes and keep what is known of the shapes."""

import numpy as np
import pytest
import tensorflow as tf

from core.backbones.saved_model_checks import has_shape_checks, remove_shape_checks


def checked(known: int | None) -> tf.compat.v1.GraphDef:
    """A graph with a check in it, and one in a function that it calls; of vectors of length 3."""

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def inner(values):
        return tf.ensure_shape(values, [None, 3]) * 2

    @tf.function(input_signature=[tf.TensorSpec([None, known], tf.float32, name="values")])
    def outer(values):
        return tf.identity(tf.ensure_shape(inner(values), [None, 3]) + 1, name="result")

    return outer.get_concrete_function().graph.as_graph_def()


def imported(graph: tf.compat.v1.GraphDef) -> tf.Tensor:
    with tf.Graph().as_default():
        tf.import_graph_def(graph, name="")
        return tf.compat.v1.get_default_graph().get_tensor_by_name("result:0")


@pytest.mark.parametrize("known", [None, 3])
def test_all_checks_go_and_shapes_stay_known(known):
    graph = checked(known)
    assert has_shape_checks(graph)
    remove_shape_checks(graph)
    assert not has_shape_checks(graph)
    assert imported(graph).shape.as_list() == [None, 3]


def test_the_graph_computes_the_same():
    graph = checked(None)
    remove_shape_checks(graph)
    result = imported(graph)
    with tf.compat.v1.Session(graph=result.graph) as session:
        found = session.run(result, {"values:0": np.ones((2, 3), np.float32)})
    np.testing.assert_array_equal(found, np.full((2, 3), 3, np.float32))


def test_a_graph_without_checks_stays_as_it_is():
    graph = checked(3)
    remove_shape_checks(graph)
    content = graph.SerializeToString(deterministic=True)
    remove_shape_checks(graph)
    assert graph.SerializeToString(deterministic=True) == content
