"""TensorFlow's reasons are read from what it logs."""

from core.export.tftrt.segmenter_log import reasons_in

LOG = """\
2026-11-25 03:08:22.42 I tensorflow/compiler/tf2tensorrt/segment/segment.cc:922] Not a TF-TRT \
candidate, (Op type: EnsureShape), (Op name: a/Ensure), (Reason: Op \
type EnsureShape is not supported.)
2026-11-25 03:08:22.43 I tensorflow/compiler/tf2tensorrt/segment/segment.cc:1210] Nodes in \
segment 0 with parent=a/10302:
[Op type: Conv2D] a/Conv
2026-11-25 03:08:22.43 I tensorflow/compiler/tf2tensorrt/segment/segment.cc:1210] Nodes in \
segment 1 with parent=unknown:
[Op type: MatMul] head/MatMul
[Op type: Const] head/w
2026-11-25 03:08:22.43 I tensorflow/compiler/tf2tensorrt/segment/segment.cc:1224] Segment 1 has \
only 2 effective nodes, dropping
2026-11-25 03:08:22.44 W tensorflow/compiler/tf2tensorrt/convert/convert_graph.cc:920] Cannot \
replace segment 0 consisting of 1 nodes by TRTEngineOp_000_000 reason: no memory
"""


def test_each_operation_has_its_reason():
    reasons = reasons_in(LOG.splitlines(), min_segment_size=5)
    assert reasons["a/Ensure"] == "Op type EnsureShape is not supported."
    assert reasons["a/Conv"] == "no memory"
    assert reasons["head/MatMul"] == reasons["head/w"]
    assert "fewer than the minimum segment size 5" in reasons["head/w"]
