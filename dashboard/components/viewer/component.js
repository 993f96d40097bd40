const CANVAS_PX = 448
const FIRST_OPACITY = 70

// What is chosen stays as it is from one image to the next, but for the class and the zoom.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".viewer")
  const chosen = (root.chosen ??= { opacity: FIRST_OPACITY, layer: "", bare: false, class: false, other: false })
  root.view ??= { ...WHOLE, aspect: data.aspect }
  root.zoom ??= zoomable([...root.querySelectorAll(".ground")], {
    view: root.view,
    shown: (view) => tellScale(root.querySelector(".zoom"), view),
  })
  if (chosen.image !== data.image) {
    chosen.image = data.image
    chosen.finding = data.first
    Object.assign(root.view, WHOLE, { aspect: data.aspect })
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
  plain.replaceChildren(pixels(data), unitSquare("boxes"))
  const map = element("div", "map")
  over.replaceChildren(pixels(data), map, unitSquare("boxes"))
  for (const picture of [plain, over]) {
    picture.style.setProperty("--aspect", data.aspect)
  }
  const draw = () => {
    const layer = data.layers.find(({ name }) => name === chosen.layer) ?? data.layers[0]
    over.style.setProperty("--opacity", chosen.bare ? 0 : chosen.opacity / 100)
    const drawn = `${layer?.name} ${chosen.finding}`
    if (layer !== undefined && map.drawn !== drawn) {
      map.drawn = drawn
      map.replaceChildren(overlay(mapOf(layer, chosen.finding), CANVAS_PX))
    }
    const boxes = data.boxes.filter(({ kind }) => chosen[kind])
    for (const svg of root.querySelectorAll("svg.boxes")) {
      svg.replaceChildren(...boxes.flatMap(marked))
    }
    belowOver.replaceChildren(...told(data, layer, chosen, boxes))
    mark(root, data, chosen)
  }
  root.querySelector(".classes").replaceChildren(...(data.layers.length > 0 ? classes(data, chosen, draw) : []))
  root.querySelector(".settings").replaceChildren(...settings(data, chosen, draw), root.zoom.buttons())
  root.querySelector(".marks").replaceChildren(...marks(data, chosen, draw))
  draw()
  root.zoom.apply()
}

// What both pictures show now, for their menu.
function sheetOf(root, data) {
  const plain = root.querySelector(".picture")
  const [below, belowOver] = root.querySelectorAll("figcaption")
  const boxes = data.boxes.filter(({ kind }) => root.chosen[kind])
  const shared = {
    picture: plain.querySelector("img"),
    aspect: data.aspect,
    boxes: boxes.map(({ kind, corners }) => ({ corners, dashed: kind === "other" })),
  }
  const { layer, finding, bare, opacity } = root.chosen
  const chosen = data.layers.find(({ name }) => name === layer) ?? data.layers[0]
  const tiles = [
    { ...shared, soft: below.textContent },
    { ...shared, map: chosen && mapOf(chosen, finding), opacity: bare ? 0 : opacity / 100, soft: belowOver.textContent },
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

// The map of one class, as `overlay` draws it.
function mapOf({ values, height, width, strengths, peaks }, finding) {
  const size = height * width
  const { at = null, diffuse = false } = peaks[finding] ?? {}
  const own = decode(values).subarray(finding * size, (finding + 1) * size)
  return { values: own, height, width, strength: strengths[finding], peak: at, diffuse }
}

function marked({ finding, reader, kind, corners }) {
  const box = rectangle(corners)
  box.classList.add(kind)
  const [casing, shape] = cased(box)
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title")
  title.textContent = `${finding}, ${reader}`
  shape.append(title)
  return [casing, shape]
}

// What the right picture shows, in words: the class, whose saliency and how strong, and the boxes.
function told({ findings, roles, layers }, layer, { finding }, boxes) {
  if (layer === undefined) {
    return ["This run holds no saliency for this image."]
  }
  const role = roles[finding] ? ` (${roles[finding]})` : ""
  const said = [element("b", "", `Evidence for ${findings[finding]}`), role + (layers.length > 1 ? `, ${layer.name}` : "")]
  said.push(element("span", "soft", ` · ${peak(layer, finding)}`))
  if (boxes.length > 0) {
    said.push(element("span", "soft", ` · boxes: ${listed(boxes)}`))
  }
  return said
}

function peak({ strengths, peaks }, finding) {
  if (peaks[finding] === null) {
    return "nothing speaks for it"
  }
  const { diffuse, spread } = peaks[finding]
  const strength = strengths[finding]
  const said = strength < 1 ? `peak ${share(strength)} of the strongest class` : "strongest class"
  return diffuse ? `${said}, diffuse: ${share(spread)} of the image above half of it` : said
}

function share(value) {
  return `${(100 * value).toFixed(0)} %`
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
    const slider = opacity(chosen, draw)
    const bare = tick("contours only", chosen.bare, (on) => {
      chosen.bare = on
      slider.querySelector("input").disabled = on
      draw()
    })
    made.push(slider, bare, scale(data.layers[0]))
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
  Object.assign(slider, { type: "range", min: 0, max: 100, step: 5, value: chosen.opacity, disabled: chosen.bare })
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

function scale({ height, width }) {
  const frame = element("span", "scale-bar", "weak")
  frame.append(element("i", "bar"), "strong")
  frame.title =
    `The strongest class in this image ends at the bright end. Lines: 50 and 80 % of the map's own peak. ` +
    `A map has ${width} x ${height} cells: read no finer than that.`
  return frame
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
