// Reads pictures as Fieldguide does: upright, over white, scaled to the model's size as Pillow does.
"use strict";

globalThis.fieldguide = globalThis.fieldguide || {};

(() => {
  const { fieldguide } = globalThis;
  const WHITE = 255;
  // Of Pillow's resampling of bytes (`Resample.c`): weights are whole numbers of 2^-22.
  const PRECISION_BITS = 22;
  const HALF = 2 ** (PRECISION_BITS - 1);

  /**
   * Reads a picture file.
   *
   * @param blob a `File` or `Blob` of a format that the browser knows; of an animation the first
   *   picture is taken.
   * @param size height and width that the model takes.
   * @param fit "squash", "crop" or "pad": what to do when the proportions differ.
   * @returns a promise of RGB values, a `Uint8Array`.
   */
  fieldguide.readPicture = async (blob, size, fit) => {
    // As Fieldguide does, the browser converts the colours of an embedded profile to sRGB.
    const bitmap = await createImageBitmap(blob, {
      imageOrientation: "from-image",
      colorSpaceConversion: "default",
    });
    try {
      return fieldguide.fitted(rgbOf(bitmap), size, fit);
    } finally {
      bitmap.close();
    }
  };

  /** Brings a picture, `{width, height, pixels}` in RGB, to a size; see `readPicture`. */
  fieldguide.fitted = (picture, [height, width], fit) => {
    if (picture.width === width && picture.height === height) return picture.pixels;
    const whole = [0, 0, picture.width, picture.height];
    if (fit === "squash") return resized(picture, whole, width, height);
    const factors = [height / picture.height, width / picture.width];
    const factor = fit === "crop" ? Math.max(...factors) : Math.min(...factors);
    const scaledTo = (side) => Math.max(1, Math.floor(side * factor + 0.5));
    const scaled = { width: scaledTo(picture.width), height: scaledTo(picture.height) };
    if (fit === "crop") {
      const left = Math.floor((scaled.width - width) / 2);
      const top = Math.floor((scaled.height - height) / 2);
      const across = picture.width / scaled.width;
      const down = picture.height / scaled.height;
      const box = [left * across, top * down, (left + width) * across, (top + height) * down];
      return resized(picture, box.map(Math.fround), width, height); // Pillow's box has 32 bits
    }
    return padded(resized(picture, whole, scaled.width, scaled.height), scaled, width, height);
  };

  function rgbOf(bitmap) {
    const { width, height } = bitmap;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0);
    const rgba = context.getImageData(0, 0, width, height).data;
    const pixels = new Uint8Array(width * height * 3);
    for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
      pixels[to] = rgba[from];
      pixels[to + 1] = rgba[from + 1];
      pixels[to + 2] = rgba[from + 2];
    }
    return { width, height, pixels };
  }

  // Pillow's `resize(BILINEAR, box)`: along the rows first, rounded to bytes, then down the columns.
  // Pillow 13 takes the columns first for some shapes; single values are one higher or lower then.
  function resized(picture, box, width, height) {
    const columns = weightsOf(picture.width, box[0], box[2], width);
    const rows = weightsOf(picture.height, box[1], box[3], height);
    const narrow = acrossRows(picture.pixels, columns, picture.width, picture.height);
    return downColumns(narrow, rows, width);
  }

  function acrossRows(pixels, columns, width, height) {
    const result = new Uint8Array(columns.length * height * 3);
    for (let y = 0, to = 0; y < height; y++) {
      for (const { first, weights } of columns) {
        const start = (y * width + first) * 3;
        for (let channel = 0; channel < 3; channel++) {
          let sum = HALF;
          for (let i = 0, from = start + channel; i < weights.length; i++, from += 3) {
            sum += pixels[from] * weights[i];
          }
          result[to++] = byteOf(sum);
        }
      }
    }
    return result;
  }

  function downColumns(pixels, rows, width) {
    const stride = width * 3;
    const result = new Uint8Array(rows.length * stride);
    let to = 0;
    for (const { first, weights } of rows) {
      for (let x = 0; x < stride; x++) {
        let sum = HALF;
        for (let i = 0, from = first * stride + x; i < weights.length; i++, from += stride) {
          sum += pixels[from] * weights[i];
        }
        result[to++] = byteOf(sum);
      }
    }
    return result;
  }

  function byteOf(sum) {
    return Math.min(255, Math.max(0, sum >> PRECISION_BITS));
  }

  // For each of `size` places, the first value that has a part in it, and the weights from there.
  function weightsOf(length, start, end, size) {
    const scale = (end - start) / size;
    const support = Math.max(scale, 1);
    return Array.from({ length: size }, (_, place) => {
      const center = start + (place + 0.5) * scale;
      const first = Math.max(0, Math.trunc(center - support + 0.5));
      const last = Math.min(length, Math.trunc(center + support + 0.5));
      const weights = [];
      for (let x = first; x < last; x++) {
        weights.push(Math.max(0, 1 - Math.abs((x - center + 0.5) / support)));
      }
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return {
        first,
        weights: weights.map((w) => Math.trunc((w / (total || 1)) * 2 ** PRECISION_BITS + 0.5)),
      };
    });
  }

  function padded(pixels, scaled, width, height) {
    const result = new Uint8Array(width * height * 3).fill(WHITE);
    const left = Math.floor((width - scaled.width) / 2);
    const top = Math.floor((height - scaled.height) / 2);
    const stride = scaled.width * 3;
    for (let y = 0; y < scaled.height; y++) {
      const row = pixels.subarray(y * stride, (y + 1) * stride);
      result.set(row, ((top + y) * width + left) * 3);
    }
    return result;
  }
})();
