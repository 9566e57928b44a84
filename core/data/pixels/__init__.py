"""From image files to pixels: decoding, augmentation, thumbnails."""
