// The model of an export to TensorFlow.js, in a browser and under Node.js.
//
// A plain script and no module: browsers load no modules into a page that was opened by a double
// click. It needs `tf.min.js` and `tf-backend-wasm.min.js` before it, and for pictures `picture.js`.
"use strict";

globalThis.fieldguide = globalThis.fieldguide || {};

(() => {
  const { fieldguide } = globalThis;
  const WASM = "tfjs-backend-wasm-simd.wasm";
  // WebAssembly computes with 32 bits everywhere, where WebGL may have 16; it was verified. The
  // others are for browsers and models that it can't do with.
  const BACKENDS = ["wasm", "webgl", "cpu"];

  /**
   * Opens a model.
   *
   * @param read from the name of a file to a promise of its bytes, an `ArrayBuffer`.
   * @param description with `artifact`, the model's folder, and `input_size`, height and width.
   * @returns an object with `runtime`, and `probabilities`, a function of `count` pictures' RGB
   *   values, a `Uint8Array`; it promises `count` × classes numbers, a `Float32Array`.
   */
  fieldguide.openModel = async (read, description) => {
    await prepareWasm(read);
    const graph = await readGraph(read, description.artifact);
    const problems = [];
    for (const backend of BACKENDS) {
      try {
        return await openWith(backend, graph, description.input_size);
      } catch (error) {
        problems.push(`${backend}: ${error.message || error}`);
      }
    }
    throw new Error(`TensorFlow.js can't run the model (${problems.join("; ")})`);
  };

  /**
   * Opens the model of this page, for pictures.
   *
   * @param base the address of the export's folder, with a slash at its end; "" for the page's own.
   * @returns an object with `labels`, `runtime`, `unknownThreshold`, a probability below which the
   *   best class is not to be believed (0 if there is none), and `classify`, a function of a `File`
   *   or `Blob` that promises the probabilities in the order of the labels.
   */
  fieldguide.open = async (base = "") => {
    const description = globalThis.fieldguideDescription;
    const isFile = new URL(base, document.baseURI).protocol === "file:";
    const read = isFile ? await embedded(base) : (name) => fetched(base + name);
    const model = await fieldguide.openModel(read, description);
    const { labels, input_size: size, fit } = description;
    const unknownThreshold = description.unknown_threshold || 0;
    const classify = async (blob) =>
      model.probabilities(await fieldguide.readPicture(blob, size, fit), 1);
    return { labels, runtime: model.runtime, unknownThreshold, classify };
  };

  async function prepareWasm(read) {
    if (!tf.wasm || fieldguide.wasmIsPrepared) return;
    const bytes = await read(WASM);
    const url = URL.createObjectURL(new Blob([bytes], { type: "application/wasm" }));
    // Threads would need headers that few servers send; without SIMD the next backend is taken.
    const paths = {
      [WASM]: url,
      "tfjs-backend-wasm.wasm": "",
      "tfjs-backend-wasm-threaded-simd.wasm": "",
    };
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    tf.wasm.setWasmPaths(paths, true);
    fieldguide.wasmIsPrepared = true;
  }

  async function openWith(backend, artifacts, [height, width]) {
    if (backend === "wasm" && !(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) {
      throw new Error("no SIMD");
    }
    if (!tf.findBackendFactory(backend) || !(await tf.setBackend(backend))) {
      throw new Error("is not there");
    }
    await tf.ready();
    const graph = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
    const probabilities = async (pixels, count) => {
      const images = tf.tidy(() => tf.tensor4d(scaled(pixels), [count, height, width, 3]));
      const answer = graph.predict(images);
      images.dispose();
      const tensor = answer.probabilities || answer;
      const values = await tensor.data();
      tensor.dispose();
      return values;
    };
    try {
      // A backend may lack an operation, which shows when the model runs.
      await probabilities(new Uint8Array(height * width * 3), 1);
    } catch (error) {
      graph.dispose();
      throw error;
    }
    return { runtime: `TensorFlow.js ${tf.version.tfjs} (${backend})`, probabilities };
  }

  async function readGraph(read, folder) {
    const text = new TextDecoder().decode(await read(`${folder}/model.json`));
    const { modelTopology, weightsManifest, signature, userDefinedMetadata } = JSON.parse(text);
    const names = weightsManifest.flatMap((group) => group.paths);
    const parts = await Promise.all(names.map((name) => read(`${folder}/${name}`)));
    return {
      modelTopology,
      weightSpecs: weightsManifest.flatMap((group) => group.weights),
      weightData: joined(parts),
      signature,
      userDefinedMetadata,
    };
  }

  function joined(buffers) {
    const all = new Uint8Array(buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0));
    let place = 0;
    for (const buffer of buffers) {
      all.set(new Uint8Array(buffer), place);
      place += buffer.byteLength;
    }
    return all.buffer;
  }

  function scaled(pixels) {
    const values = new Float32Array(pixels.length);
    for (let i = 0; i < pixels.length; i++) values[i] = pixels[i] / 255;
    return values;
  }

  async function fetched(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address} can't be loaded: ${response.status}`);
    return response.arrayBuffer();
  }

  // The files that `embedded.js` holds: a page that was opened by a double click may read scripts.
  async function embedded(base) {
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${base}embedded.js`;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${script.src} can't be loaded`));
      document.head.append(script);
    });
    return async (name) => {
      const content = globalThis.fieldguideFiles[name];
      if (content === undefined) throw new Error(`embedded.js doesn't hold ${name}`);
      return Uint8Array.from(atob(content), (character) => character.charCodeAt(0)).buffer;
    };
  }
})();
