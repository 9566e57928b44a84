"""Read image files: from bytes to upright RGB pixels with eight bits a channel.

Copied beside models and exports, whose `predict.py` reads images with it: it imports nothing of
ours, only NumPy and Pillow at once and other libraries when a file asks for one, and runs on Python
3.9.
"""
