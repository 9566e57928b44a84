"""TensorRT engines from ONNX files, through NVIDIA's `tensorrt` package where it is installed."""
