const CANVAS_PX = 448
const FIRST_OPACITY = 50

// What is chosen stays as it is from one image to the next, but for the class.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".viewer")
  const chosen = (root.chosen ??= { opacity: FIRST_OPACITY, layer: "", class: false, other: false })
  if (chosen.image !== data.image) {
    chosen.image = data.image
    chosen.finding = data.first
  }
  const known = JSON.stringify(data)
  if (root.shown === known) {
    return
  }
  root.shown = known
  takenAlong("viewer", () => sheetOf(root, data))
  const [plain, over] = root.querySelectorAll(".picture")
  const [below, belowOver] = root.querySelectorAll("figcaption")
  below.textContent = data.caption
  plain.replaceChildren(pixels(data), drawing())
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = CANVAS_PX
  over.replaceChildren(pixels(data), canvas, drawing())
  for (const picture of [plain, over]) {
    picture.style.setProperty("--aspect", data.aspect)
  }
  const draw = () => {
    const layer = data.layers.find(({ name }) => name === chosen.layer) ?? data.layers[0]
    canvas.style.opacity = chosen.opacity / 100
    if (layer !== undefined) {
      paintLayer(canvas, layer, chosen.finding)
    }
    const boxes = data.boxes.filter(({ kind }) => chosen[kind])
    for (const svg of root.querySelectorAll("svg")) {
      svg.replaceChildren(...boxes.map(marked))
    }
    belowOver.replaceChildren(...told(data, layer, chosen, boxes))
    if (layer !== undefined) {
      root.querySelector(".peak").textContent = peak(layer.strengths[chosen.finding])
    }
    mark(root, data, chosen)
  }
  root.querySelector(".classes").replaceChildren(...(data.layers.length > 0 ? classes(data, chosen, draw) : []))
  root.querySelector(".settings").replaceChildren(...settings(data, chosen, draw))
  root.querySelector(".marks").replaceChildren(...marks(data, chosen, draw))
  draw()
}

// What both pictures show now, for their menu.
function sheetOf(root, data) {
  const [plain, over] = root.querySelectorAll(".picture")
  const [below, belowOver] = root.querySelectorAll("figcaption")
  const boxes = data.boxes.filter(({ kind }) => root.chosen[kind])
  const shared = {
    picture: plain.querySelector("img"),
    aspect: data.aspect,
    boxes: boxes.map(({ kind, corners }) => ({ corners, dashed: kind === "other" })),
  }
  const canvas = over.querySelector("canvas")
  const tiles = [
    { ...shared, soft: below.textContent },
    { ...shared, over: canvas, opacity: root.chosen.opacity / 100, soft: belowOver.textContent },
  ]
  return { columns: 2, groups: [{ heading: "", tiles }] }
}

function pixels({ src, alt, absent }) {
  if (src === null) {
    return element("span", "absent", absent)
  }
  const image = element("img", "")
  image.src = src
  image.alt = alt
  return image
}

function drawing() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "0 0 1 1")
  svg.setAttribute("preserveAspectRatio", "none")
  return svg
}

function paintLayer(canvas, layer, finding) {
  const size = layer.height * layer.width
  const values = decode(layer.values).subarray(finding * size, (finding + 1) * size)
  paint(canvas, values, { height: layer.height, width: layer.width, strength: layer.strengths[finding] })
}

function marked({ finding, reader, kind, corners }) {
  const box = rectangle(corners)
  box.classList.add(kind)
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title")
  title.textContent = `${finding}, ${reader}`
  box.append(title)
  return box
}

// What the right picture shows, in words: the class, whose saliency, and the boxes.
function told({ findings, roles, layers }, layer, { finding }, boxes) {
  if (layer === undefined) {
    return ["This run holds no saliency for this image."]
  }
  const said = [element("b", "", `Evidence for ${findings[finding]}`)]
  const role = roles[finding] ? ` (${roles[finding]})` : ""
  said.push(role + (layers.length > 1 ? `, ${layer.name}` : ""))
  if (boxes.length > 0) {
    said.push(element("span", "boxes", ` · boxes: ${listed(boxes)}`))
  }
  return said
}

function listed(boxes) {
  const readers = new Map()
  for (const { finding, reader } of boxes) {
    readers.set(finding, (readers.get(finding) ?? new Set()).add(reader))
  }
  return [...readers].map(([finding, who]) => `${finding} (${[...who].sort(byNumber).join(", ")})`).join(", ")
}

// R8 before R10.
function byNumber(one, other) {
  return one.localeCompare(other, "en", { numeric: true })
}

// Buttons of which one is on: the arrow keys go from one to the next and do not leave the group.
function classes({ findings, roles }, chosen, draw) {
  const buttons = findings.map((finding, index) => {
    const button = element("button", "", finding)
    button.type = "button"
    button.setAttribute("role", "radio")
    if (roles[index]) {
      button.append(element("small", "", ` ${roles[index]}`))
    }
    button.addEventListener("click", () => {
      chosen.finding = index
      draw()
    })
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
      if (step !== undefined) {
        event.preventDefault()
        event.stopPropagation()
        const other = buttons[(index + step + buttons.length) % buttons.length]
        other.focus()
        other.click()
      }
    })
    return button
  })
  return buttons
}

function settings(data, chosen, draw) {
  const made = []
  if (data.layers.length > 1) {
    made.push(layerPicker(data, chosen, draw))
  }
  if (data.layers.length > 0) {
    made.push(opacity(chosen, draw), scale())
  }
  return made
}

function marks(data, chosen, draw) {
  const made = []
  const kinds = { class: "readers' boxes", other: "boxes of other findings" }
  for (const [kind, label] of Object.entries(kinds)) {
    const count = data.boxes.filter((box) => box.kind === kind).length
    if (count > 0) {
      made.push(tick(`${label} (${count})`, chosen[kind], (on) => {
        chosen[kind] = on
        draw()
      }))
    }
  }
  if (data.boxes.length === 0) {
    made.push(element("span", "", data.noBoxes))
  }
  return made
}

function layerPicker({ layers }, chosen, draw) {
  const select = document.createElement("select")
  for (const { name } of layers) {
    const option = element("option", "", name)
    option.value = name
    select.append(option)
  }
  select.value = layers.some(({ name }) => name === chosen.layer) ? chosen.layer : layers[0].name
  select.addEventListener("change", () => {
    chosen.layer = select.value
    draw()
  })
  keepArrows(select)
  return labelled("of", select)
}

function opacity(chosen, draw) {
  const slider = document.createElement("input")
  Object.assign(slider, { type: "range", min: 0, max: 100, step: 5, value: chosen.opacity })
  const output = element("output", "", `${chosen.opacity} %`)
  slider.addEventListener("input", () => {
    chosen.opacity = Number(slider.value)
    output.textContent = `${chosen.opacity} %`
    draw()
  })
  keepArrows(slider)
  const label = labelled("opacity", slider)
  label.append(output)
  return label
}

function scale() {
  const frame = element("span", "scale", "weak")
  frame.append(element("i", "bar"), "strong", element("span", "peak"))
  frame.title = "The strongest class in this image ends at the bright end."
  return frame
}

function peak(strength) {
  return strength < 1 ? `(peak: ${(100 * strength).toFixed(0)} % of the strongest class)` : "(the strongest class here)"
}

function tick(text, on, changed) {
  const box = document.createElement("input")
  Object.assign(box, { type: "checkbox", checked: on })
  box.addEventListener("change", () => changed(box.checked))
  const label = element("label", "")
  label.append(box, text)
  return label
}

function labelled(text, control) {
  const label = element("label", "", text)
  label.append(control)
  return label
}

// Else they would walk to the next image.
function keepArrows(control) {
  control.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation())
}

function mark(root, { findings }, { finding }) {
  root.querySelectorAll(".classes button").forEach((button, index) => {
    button.setAttribute("aria-checked", String(index === finding))
    button.tabIndex = index === finding ? 0 : -1
  })
}
