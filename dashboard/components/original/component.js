const HINT =
  "Drag: across for the window, up and down for the level. Ctrl and wheel, or a double click: zoom. " +
  "Shift and drag: move."

// A window is told in the file's own values: the middle of what is shown, its level, and how wide it is.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".original")
  if (root.shown === data.image) {
    return
  }
  root.shown = data.image
  const ground = root.querySelector(".ground")
  const canvas = root.querySelector("canvas")
  canvas.width = data.width
  canvas.height = data.height
  canvas.setAttribute("aria-label", data.alt)
  const aspect = data.width / data.height
  ground.style.setProperty("--aspect", aspect)
  root.view = Object.assign(root.view ?? {}, WHOLE, { aspect })
  root.zoom ??= zoomable([ground], {
    view: root.view,
    shown: (view) => tellScale(root.querySelector(".zoom"), view),
    pans: (event) => event.shiftKey,
  })
  root.querySelector(".hint").textContent = HINT
  takenAlong("original", () => ({ columns: 1, bare: true, groups: [{ heading: "", tiles: [{ picture: canvas, aspect }] }] }))
  const bytes = decode(data.samples)
  const samples = data.bits === 16 ? new Uint16Array(bytes.buffer) : bytes
  const table = decode(data.table)
  const filed = filedWindow(data, table)
  const chosen = { asFiled: true, inverted: false, ...filed }
  const draw = () => paintSamples(canvas, samples, grays(data, table, chosen))
  const { elements, show } = controls(data, { chosen, filed, draw })
  root.querySelector(".controls").replaceChildren(...elements, root.zoom.buttons())
  root.window = ({ x, y }) => {
    const span = data.highest - data.lowest
    Object.assign(chosen, within(data, { level: chosen.level + y * span, width: chosen.width + x * span }))
    chosen.asFiled = false
    show()
  }
  if (!root.heard) {
    root.heard = true
    dragged(ground, { starts: (event) => !event.shiftKey, moved: (by) => root.window(by) })
  }
  show()
  root.zoom.apply()
}

// The window between the first and the last gray of the file's own table; without one, a byte is its gray.
function filedWindow({ lowest, highest }, table) {
  const ends = [0, 255]
  if (table.length > 0) {
    const own = table.subarray(lowest, highest + 1)
    const [first, last] = [own[0], own.at(-1)]
    ends[0] = lowest + own.findLastIndex((gray) => gray === first)
    ends[1] = lowest + own.indexOf(last)
  }
  const width = Math.max(1, ends[1] - ends[0])
  return { level: ends[0] + width / 2, width }
}

function within({ lowest, highest }, { level, width }) {
  return {
    level: Math.min(highest, Math.max(lowest, level)),
    width: Math.min(2 * (highest - lowest), Math.max(1, width)),
  }
}

function grays(data, table, chosen) {
  const found = new Uint8ClampedArray(1 << data.bits)
  const start = chosen.level - chosen.width / 2
  for (let sample = 0; sample < found.length; sample++) {
    const share = Math.min(1, Math.max(0, (sample - start) / chosen.width))
    const windowed = 255 * (data.falling ? 1 - share : share)
    const gray = chosen.asFiled ? (table.length > 0 ? table[sample] : sample) : windowed
    found[sample] = chosen.inverted ? 255 - gray : gray
  }
  return found
}

function paintSamples(canvas, samples, gray) {
  const context = canvas.getContext("2d")
  const image = context.createImageData(canvas.width, canvas.height)
  const pixels = new Uint32Array(image.data.buffer)
  for (let i = 0; i < samples.length; i++) {
    pixels[i] = 0xff000000 | (gray[samples[i]] * 0x010101)
  }
  context.putImageData(image, 0, 0)
}

function controls({ lowest, highest }, { chosen, filed, draw }) {
  const span = Math.max(1, highest - lowest)
  const whole = { level: lowest + span / 2, width: span }
  const sliders = { level: slider("level", lowest, highest), width: slider("window", 1, 2 * span) }
  const show = () => {
    for (const [name, { input, output }] of Object.entries(sliders)) {
      input.value = chosen[name]
      output.textContent = Math.round(chosen[name]).toLocaleString("en")
    }
    asFiled.setAttribute("aria-pressed", String(chosen.asFiled))
    wholeRange.setAttribute("aria-pressed", String(!chosen.asFiled && chosen.level === whole.level && chosen.width === span))
    draw()
  }
  const asFiled = button("As the file says", () => Object.assign(chosen, { asFiled: true, ...filed }), show)
  const wholeRange = button("Whole range", () => Object.assign(chosen, { asFiled: false, ...whole }), show)
  for (const [name, { input }] of Object.entries(sliders)) {
    input.addEventListener("input", () => {
      Object.assign(chosen, { asFiled: false, [name]: Number(input.value) })
      show()
    })
  }
  const inverted = element("input", "")
  inverted.type = "checkbox"
  inverted.addEventListener("change", () => {
    chosen.inverted = inverted.checked
    draw()
  })
  const tick = element("label", "")
  tick.append(inverted, "inverted")
  return { elements: [asFiled, wholeRange, sliders.level.label, sliders.width.label, tick], show }
}

function slider(name, least, most) {
  const label = element("label", "", name)
  const input = element("input", "")
  const output = element("output", "")
  Object.assign(input, { type: "range", min: least, max: most })
  // Else the arrow keys would walk to the next image.
  input.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation())
  label.append(input, output)
  return { label, input, output }
}

function button(text, choose, show) {
  const made = element("button", "", text)
  made.type = "button"
  made.addEventListener("click", () => {
    choose()
    show()
  })
  return made
}
