// A window is told in shares of the range of the file's values: its centre, and how much of the range it spans.
const WHOLE_RANGE = { centre: 50, width: 100 }

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".original")
  if (root.shown === data.image) {
    return
  }
  root.shown = data.image
  const canvas = root.querySelector("canvas")
  canvas.width = data.width
  canvas.height = data.height
  canvas.setAttribute("aria-label", data.alt)
  const tile = { picture: canvas, aspect: data.width / data.height }
  takenAlong("original", () => ({ columns: 1, bare: true, groups: [{ heading: "", tiles: [tile] }] }))
  const bytes = decode(data.samples)
  const samples = data.bits === 16 ? new Uint16Array(bytes.buffer) : bytes
  const table = decode(data.table)
  const chosen = { asFiled: true, inverted: false, ...WHOLE_RANGE }
  const draw = () => paint(canvas, samples, grays(data, table, chosen))
  root.querySelector(".controls").replaceChildren(...controls(chosen, draw))
  draw()
}

function grays(data, table, chosen) {
  const found = new Uint8ClampedArray(1 << data.bits)
  const span = Math.max(1, data.highest - data.lowest)
  const width = Math.max(1, (span * chosen.width) / 100)
  const start = data.lowest + (span * chosen.centre) / 100 - width / 2
  for (let sample = 0; sample < found.length; sample++) {
    const share = Math.min(1, Math.max(0, (sample - start) / width))
    const windowed = 255 * (data.falling ? 1 - share : share)
    const gray = chosen.asFiled ? (table.length > 0 ? table[sample] : sample) : windowed
    found[sample] = chosen.inverted ? 255 - gray : gray
  }
  return found
}

function paint(canvas, samples, gray) {
  const context = canvas.getContext("2d")
  const image = context.createImageData(canvas.width, canvas.height)
  const pixels = new Uint32Array(image.data.buffer)
  for (let i = 0; i < samples.length; i++) {
    pixels[i] = 0xff000000 | (gray[samples[i]] * 0x010101)
  }
  context.putImageData(image, 0, 0)
}

function controls(chosen, draw) {
  const sliders = { centre: slider("level", 0, 100), width: slider("window", 1, 100) }
  const show = () => {
    for (const [name, { input, output }] of Object.entries(sliders)) {
      input.value = chosen[name]
      output.textContent = chosen.asFiled ? "" : `${chosen[name]} %`
    }
    filed.setAttribute("aria-pressed", String(chosen.asFiled))
    whole.setAttribute("aria-pressed", String(!chosen.asFiled && chosen.centre === 50 && chosen.width === 100))
    draw()
  }
  const filed = button("As the file says", () => Object.assign(chosen, { asFiled: true, ...WHOLE_RANGE }), show)
  const whole = button("Whole range", () => Object.assign(chosen, { asFiled: false, ...WHOLE_RANGE }), show)
  for (const [name, { input }] of Object.entries(sliders)) {
    input.addEventListener("input", () => {
      Object.assign(chosen, { asFiled: false, [name]: Number(input.value) })
      show()
    })
  }
  const inverted = document.createElement("input")
  inverted.type = "checkbox"
  inverted.addEventListener("change", () => {
    chosen.inverted = inverted.checked
    draw()
  })
  const tick = document.createElement("label")
  tick.append(inverted, "inverted")
  show()
  return [filed, whole, sliders.centre.label, sliders.width.label, tick]
}

function slider(name, least, most) {
  const label = document.createElement("label")
  const input = document.createElement("input")
  const output = document.createElement("output")
  Object.assign(input, { type: "range", min: least, max: most })
  // Else the arrow keys would walk to the next image.
  input.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation())
  label.append(name, input, output)
  return { label, input, output }
}

function button(text, choose, show) {
  const made = document.createElement("button")
  made.type = "button"
  made.textContent = text
  made.addEventListener("click", () => {
    choose()
    show()
  })
  return made
}

function decode(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}
