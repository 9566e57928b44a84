"""Build TensorRT engines from ONNX files with NVIDIA's `tensorrt` package, if installed."""
