// The front end of parts.py: one function for each kind of part. Each draws its
// part into `el`, keeps it equal to the model's traits, and changes them by hand
// and by keyboard. No library, no network.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// Call `show` now and whenever one of the traits changes.
function follow(model, names, show) {
  for (const name of names) model.on(`change:${name}`, show);
  show();
}

function change(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

// A caption for the eye; screen readers have the name of what is below.
function caption(model, el) {
  const words = { class: "vae-lab-caption", "aria-hidden": "true" };
  el.append(make("div", words, model.get("label")));
}

// Show the PNG bytes of a trait on a canvas, which asks no address for them.
function showPng(model, name, canvas, sized = () => {}) {
  let asked = 0;
  follow(model, [name], async () => {
    const turn = ++asked;
    const png = new Blob([model.get(name)], { type: "image/png" });
    if (!png.size) return;
    const bitmap = await createImageBitmap(png);
    if (turn < asked) return; // a newer one has overtaken it
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
      sized(bitmap);
    }
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    canvas.dispatchEvent(new Event("load")); // as an <img> says it
  });
}

function picture(model, el) {
  const canvas = make("canvas", { role: "img", "aria-label": model.get("label") });
  const scale = model.get("scale");
  canvas.classList.toggle("vae-lab-pixels", scale > 1);
  caption(model, el);
  el.append(canvas);
  showPng(model, "value", canvas, ({ width }) => {
    canvas.style.width = `${scale * width + 2}px`; // 2: its border
  });
}

function line(model, el) {
  const text = make("output", { "aria-live": "polite" });
  let timer = null;
  el.append(text);
  follow(model, ["value"], () => {
    // Read aloud only once the hand rests, not sixty times a second.
    clearTimeout(timer);
    text.setAttribute("aria-live", "off");
    text.textContent = model.get("value");
    timer = setTimeout(() => {
      text.setAttribute("aria-live", "polite");
      text.replaceChildren(model.get("value"));
    }, 400);
  });
  return () => clearTimeout(timer);
}

function slider(model, el) {
  const label = model.get("label"); // the name alone: the value is told beside it
  const input = make("input", { type: "range", "aria-label": label });
  const value = make("span", { class: "vae-lab-value", "aria-hidden": "true" });
  el.append(make("label", {}, make("span", {}, label), input, value));
  follow(model, ["low", "high", "step", "value", "names"], () => {
    input.min = model.get("low");
    input.max = model.get("high");
    input.step = model.get("step");
    input.value = model.get("value");
    const digits = model.get("step") < 1 ? 2 : 0;
    const names = model.get("names");
    const place = Math.round(model.get("value") - model.get("low"));
    value.textContent = names[place] ?? model.get("value").toFixed(digits);
    input.setAttribute("aria-valuetext", value.textContent);
  });
  input.addEventListener("input", () => change(model, "value", Number(input.value)));
}

function toggle(model, el) {
  const input = make("input", { type: "checkbox" });
  el.append(make("label", {}, input, make("span", {}, model.get("label"))));
  follow(model, ["value"], () => (input.checked = model.get("value")));
  input.addEventListener("change", () => change(model, "value", input.checked));
}

function button(model, el) {
  const input = make("button", { type: "button" }, model.get("label"));
  el.append(input);
  follow(model, ["enabled"], () => (input.disabled = !model.get("enabled")));
  input.addEventListener("click", () =>
    change(model, "clicks", model.get("clicks") + 1),
  );
}

function entry(model, el) {
  const input = make("input", {
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    size: model.get("limit") + 2,
  });
  el.append(make("label", {}, make("span", {}, model.get("label")), input));
  follow(model, ["value"], () => {
    if (input.value !== model.get("value")) input.value = model.get("value");
  });
  input.addEventListener("input", () => change(model, "value", input.value));
}

function bar(model, el) {
  const progress = make("progress", { "aria-label": model.get("label") });
  el.append(progress);
  follow(model, ["value", "high"], () => {
    progress.max = Math.max(1, model.get("high"));
    progress.value = model.get("value");
  });
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function pad(model, el) {
  const [width, height] = model.get("size");
  const [low, high] = [model.get("low"), model.get("high")];
  const across = (x) => ((x - low[0]) / (high[0] - low[0])) * width;
  const down = (y) => ((high[1] - y) / (high[1] - low[1])) * height;
  const image = make("canvas", { width, height, "aria-hidden": "true" });
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawing.setAttribute("aria-hidden", "true");
  const marker = make("div", { class: "vae-lab-marker", "aria-hidden": "true" });
  const area = make("div", { class: "vae-lab-area" }, image, drawing, marker);
  area.style.width = `${width}px`;
  area.setAttribute("aria-label", model.get("label"));
  caption(model, el);
  el.append(area);


  // Each shape is drawn white below and dark above: seen on any background.
  function shape(tag, attributes, kind) {
    for (const below of [true, false]) {
      const element = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) {
        element.setAttribute(name, value);
      }
      element.setAttribute("class", `${kind}${below ? " below" : ""}`);
      drawing.append(element);
    }
  }

  function draw() {
    drawing.replaceChildren();
    for (const [x, y] of model.get("points")) {
      shape("circle", { cx: across(x), cy: down(y), r: 2.2 }, "point");
    }
    for (const [kind, points] of model.get("lines")) {
      const path = points.map(([x, y]) => `${across(x)},${down(y)}`).join(" ");
      shape("polyline", { points: path }, kind);
    }
    for (const [kind, x, y, xStd, yStd] of model.get("ellipses")) {
      const rx = (xStd / (high[0] - low[0])) * width;
      const ry = (yStd / (high[1] - low[1])) * height;
      shape("ellipse", { cx: across(x), cy: down(y), rx, ry }, kind);
    }
  }

  function mark() {
    const [x, y] = model.get("xy");
    const [right, below] = [across(x) / width, down(y) / height];
    marker.style.transform = `translate(${100 * right}%, ${100 * below}%)`;
    marker.hidden = !model.get("marker");
  }

  function tell() {
    const [x, y] = model.get("xy").map((value) => value.toFixed(2));
    const [first, second] = model.get("axes");
    area.setAttribute("aria-valuenow", x);
    area.setAttribute("aria-valuetext", `${first} ${x}, ${second} ${y}`);
  }

  showPng(model, "background", image);
  follow(model, ["points", "lines", "ellipses"], draw);
  follow(model, ["marker", "xy"], mark);
  if (!model.get("movable")) {
    area.setAttribute("role", "img");
    return;
  }
  area.classList.add("vae-lab-movable");
  area.setAttribute("role", "slider");
  area.setAttribute("aria-roledescription", "two-dimensional slider");
  area.setAttribute("aria-valuemin", low[0]);
  area.setAttribute("aria-valuemax", high[0]);
  area.tabIndex = 0;
  follow(model, ["xy"], tell);

  function move(x, y) {
    const xy = [clamp(x, low[0], high[0]), clamp(y, low[1], high[1])];
    change(model, "xy", xy);
  }

  function point(event) {
    const box = area.getBoundingClientRect();
    const [right, below] = [event.clientX - box.left, event.clientY - box.top];
    move(
      low[0] + (right / box.width) * (high[0] - low[0]),
      high[1] - (below / box.height) * (high[1] - low[1]),
    );
  }

  area.addEventListener("pointerdown", (event) => {
    area.setPointerCapture(event.pointerId);
    area.focus();
    point(event);
    event.preventDefault();
  });
  area.addEventListener("pointermove", (event) => {
    if (area.hasPointerCapture(event.pointerId)) point(event);
  });
  area.addEventListener("keydown", (event) => {
    const [x, y] = model.get("xy");
    if (event.key === "Home") {
      move(...model.get("home"));
    } else if (["End", "PageUp", "PageDown"].includes(event.key)) {
      // They would scroll the notebook away.
    } else if (event.key in ARROWS && !event.ctrlKey && !event.metaKey) {
      const [right, up] = ARROWS[event.key];
      const steps = (event.shiftKey ? 5 : 1) / 60; // of the plane's width
      move(
        x + right * steps * (high[0] - low[0]),
        y + up * steps * (high[1] - low[1]),
      );
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
}

function sketch(model, el) {
  const unit = 9; // CSS pixels
  const size = 28 * unit;
  const canvas = make("canvas", {
    width: size,
    height: size,
    tabindex: 0,
    role: "application",
    "aria-roledescription": "drawing area",
    "aria-label": model.get("label"),
  });
  caption(model, el);
  el.append(canvas);
  const context = canvas.getContext("2d");
  let drawing = false; // by pointer
  let down = false; // by keyboard
  let pen = [14, 14];

  function draw() {
    context.fillStyle = "white";
    context.fillRect(0, 0, size, size);
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = model.get("width") * unit;
    context.strokeStyle = "black";
    for (const stroke of model.get("strokes")) {
      context.beginPath();
      stroke.forEach(([x, y]) => context.lineTo(unit * x, unit * y));
      const [x, y] = stroke[0];
      if (stroke.length === 1) context.lineTo(unit * x + 0.1, unit * y);
      context.stroke();
    }
    if (canvas.matches(":focus-visible")) {
      context.lineWidth = 2;
      context.strokeStyle = down ? "#c00" : "#06c";
      context.beginPath();
      context.arc(unit * pen[0], unit * pen[1], down ? 5 : 9, 0, 7);
      context.stroke();
    }
  }

  function begin(at) {
    change(model, "strokes", [...model.get("strokes"), [at]]);
  }

  function extend(at) {
    const strokes = model.get("strokes");
    const last = strokes.length - 1;
    if (last < 0) return begin(at);
    change(model, "strokes", [
      ...strokes.slice(0, last),
      [...strokes[last], at],
    ]);
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 28;
    const y = ((event.clientY - box.top) / box.height) * 28;
    return [clamp(x, 0, 28), clamp(y, 0, 28)];
  }

  follow(model, ["strokes"], draw);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ focusVisible: false });
    drawing = true;
    begin(place(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drawing) extend(place(event));
  });
  const lift = () => (drawing = false);
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("focus", draw);
  canvas.addEventListener("blur", draw);
  canvas.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      down = !down;
      if (down) begin([...pen]);
      draw();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      down = false;
      change(model, "strokes", []);
    } else if (event.key in ARROWS) {
      const [right, up] = ARROWS[event.key];
      pen = [clamp(pen[0] + right, 1, 27), clamp(pen[1] - up, 1, 27)];
      if (down) extend([...pen]);
      draw();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
}

const KINDS = { bar, button, entry, line, pad, picture, sketch, slider, toggle };

function render({ model, el }) {
  const kind = model.get("kind");
  el.classList.add("vae-lab", `vae-lab-${kind}`);
  const free = KINDS[kind](model, el);
  for (const control of el.querySelectorAll("[tabindex], input, button")) {
    control.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the keys
  }
  return free;
}

export default { render };
