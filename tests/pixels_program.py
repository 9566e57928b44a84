"""Run by any Python in the folder of an export or a model: what its `picture.py` reads.

    python pixels_program.py EXPORT_FOLDER HEIGHT WIDTH FIT WITHOUT PICTURE...

WITHOUT are modules that can't be imported, with commas between. It prints a JSON object: `modules`,
those of readers that were loaded, `pixels`, hexadecimal, for each picture that was read, and
`refused`, the reason for each of the others.
"""

import json
import sys

READERS = ("tifffile", "imagecodecs", "pi_heif")


def main(folder, height, width, fit, without, *paths):
    for module in filter(None, without.split(",")):
        sys.modules[module] = None
    sys.path.insert(0, folder)
    from picture import PictureError, read_picture

    found = {"pixels": {}, "refused": {}}
    for path in paths:
        try:
            pixels = read_picture(path, (int(height), int(width)), fit)
        except PictureError as error:
            found["refused"][path] = str(error)
        else:
            found["pixels"][path] = pixels.tobytes().hex()
    found["modules"] = [name for name in READERS if sys.modules.get(name)]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
