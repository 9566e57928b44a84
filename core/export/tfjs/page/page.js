// The page: takes pictures, and shows the classes with their probabilities.
"use strict";

(() => {
  const MOST_CLASSES = 10;
  const status = document.getElementById("status");
  const results = document.getElementById("results");
  const chooser = document.getElementById("chooser");
  const template = document.getElementById("result");
  const description = globalThis.fieldguideDescription;

  document.title = description.model;
  document.getElementById("model").textContent = description.model;
  document.getElementById("classes").textContent = description.labels.join(" · ");

  const opened = fieldguide.open();
  opened.then(
    () => say("Ready. Drop pictures here, paste one, or choose some."),
    (error) => say(`The model can't be loaded: ${error.message}`),
  );

  // One after the other, in the order in which they came.
  let last = opened.catch(() => undefined);
  function classifyAll(files) {
    for (const file of files) last = last.then(() => show(file));
  }

  async function show(file) {
    const entry = template.content.cloneNode(true).querySelector("article");
    const name = file.name || "pasted picture";
    entry.querySelector("h2").textContent = name;
    entry.dataset.file = name;
    showThumbnail(entry.querySelector("img"), file);
    results.prepend(entry);
    try {
      const { classify, labels, unknownThreshold } = await opened;
      const probabilities = await classify(file);
      if (Math.max(...probabilities) < unknownThreshold) {
        const percent = `${(100 * unknownThreshold).toFixed(1)}%`;
        entry.querySelector(".unknown").textContent = `unknown: no class reaches ${percent}`;
      }
      showClasses(entry.querySelector("ol"), labels, probabilities);
      entry.dataset.state = "done";
    } catch (error) {
      const isUnreadable = error instanceof DOMException;
      entry.querySelector(".error").textContent = isUnreadable
        ? "This file is no picture, is damaged or cut off, or is of a format that this browser " +
          "doesn't know. Open it in another program, save it as JPEG or PNG, and try again."
        : `This picture can't be classified: ${error.message}`;
      // A cut-off picture would show its first half.
      entry.querySelector("img")?.remove();
      entry.dataset.state = "failed";
    }
  }

  function showThumbnail(image, file) {
    image.src = URL.createObjectURL(file);
    image.onload = () => URL.revokeObjectURL(image.src);
    image.onerror = () => image.remove();
  }

  function showClasses(list, labels, probabilities) {
    const order = [...labels.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    for (const index of order.slice(0, MOST_CLASSES)) {
      const item = document.createElement("li");
      const percent = `${(100 * probabilities[index]).toFixed(1)}%`;
      item.dataset.index = index;
      item.dataset.probability = probabilities[index];
      item.textContent = `${labels[index]} – ${percent}`;
      item.style.setProperty("--percent", percent);
      list.append(item);
    }
  }

  function say(text) {
    status.textContent = text;
  }

  chooser.addEventListener("change", () => {
    classifyAll([...chooser.files]);
    chooser.value = ""; // so that the same picture can be chosen again
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    classifyAll([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => classifyAll([...event.clipboardData.files]));
})();
