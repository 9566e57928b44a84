// Runs the model in this folder under Node.js 18 or later, with nothing but the files beside it.
//
//   import { openClassifier } from "./predict.mjs";
//   const { labels, size, unknownThreshold, probabilities } = await openClassifier();
//   const answer = await probabilities(pixels, 1); // RGB, a Uint8Array of 3 × height × width
//
// Where the largest of the answer is below `unknownThreshold`, Fieldguide says "unknown".
//
// `node predict.mjs --pipe` is for `predict.py`: for the number of pictures (four bytes, the lowest
// first) and their pixels on standard input it writes a line `{"size": bytes}` and the
// probabilities, 32-bit floats.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import "./classifier.js";

const HERE = new URL(".", import.meta.url);
const COUNT_BYTES = 4;

/**
 * Opens the model; gives `labels`, `size` (height, width), `fit`, `unknownThreshold`, `runtime`,
 * `probabilities`.
 */
export async function openClassifier() {
  const require = createRequire(import.meta.url);
  await runScript("tf.min.js", { require });
  // It is made for browsers, which have no `process`.
  await runScript("tf-backend-wasm.min.js", { process: undefined });
  const about = JSON.parse(await readFile(new URL("export.json", HERE), "utf8"));
  const { runtime, probabilities } = await fieldguide.openModel(bytesOf, about);
  return {
    labels: about.labels,
    size: about.input_size,
    fit: about.fit,
    unknownThreshold: about.unknown_threshold || 0,
    runtime: `${runtime}, Node.js ${process.versions.node}`,
    probabilities,
  };
}

async function bytesOf(name) {
  const { buffer, byteOffset, length } = await readFile(new URL(name, HERE));
  return buffer.slice(byteOffset, byteOffset + length);
}

// Runs a script of a web page: neither CommonJS nor a module, with names of ours in front of it.
async function runScript(name, names) {
  const source = await readFile(new URL(name, HERE), "utf8");
  const hidden = { exports: undefined, module: undefined, define: undefined, ...names };
  new Function(...Object.keys(hidden), source).apply(globalThis, Object.values(hidden));
}

async function answerPipe() {
  console.log = console.error; // what is written to standard output are answers
  const classifier = await openClassifier();
  const [height, width] = classifier.size;
  say({ runtime: classifier.runtime });
  const take = reader(process.stdin);
  for (;;) {
    const head = await take(COUNT_BYTES);
    if (head === null) return;
    const count = head.readUInt32LE();
    const pixels = await take(count * height * width * 3);
    if (pixels === null) return;
    const { buffer, byteOffset, byteLength } = await classifier.probabilities(pixels, count);
    say({ size: byteLength });
    process.stdout.write(Buffer.from(buffer, byteOffset, byteLength));
  }
}

// A function that promises the next bytes of a stream; null at its end.
function reader(stream) {
  const chunks = stream[Symbol.asyncIterator]();
  let kept = Buffer.alloc(0);
  return async (size) => {
    const parts = [kept];
    let length = kept.length;
    while (length < size) {
      const { value, done } = await chunks.next();
      if (done) return null;
      parts.push(value);
      length += value.length;
    }
    const all = Buffer.concat(parts, length);
    kept = all.subarray(size);
    return all.subarray(0, size);
  };
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv[2] === "--pipe") {
    answerPipe().catch((error) => {
      say({ error: String(error.message || error).split("\n")[0] });
      process.exitCode = 1;
      process.stdin.destroy();
    });
  } else {
    console.error("Classify picture files with: python predict.py PHOTO...");
    process.exitCode = 1;
  }
}
