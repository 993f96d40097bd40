// Files out of the browser: a blob under a name, and what is written below a drawing.
const CAPTION_PX = 10
const CAPTION_COLOR = "#5f6368"
const CAPTION_FAMILY = '"DejaVu Sans", "Bitstream Vera Sans", Verdana, Geneva, sans-serif'
const LINE_PX = 14
const EDGE_PX = 10

function save(blob, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}

// The lines of a text of a width, broken between words.
function wrapped(text, { width, font }) {
  const context = document.createElement("canvas").getContext("2d")
  context.font = font
  const lines = [""]
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) === "" ? word : `${lines.at(-1)} ${word}`
    if (lines.at(-1) !== "" && context.measureText(longer).width > width) {
      lines.push(word)
    } else {
      lines[lines.length - 1] = longer
    }
  }
  return lines
}

// Title and caption of a picture as lines, each with its font.
function captionLines({ title, caption }, { width, scale = 1 }) {
  const size = CAPTION_PX * scale
  const lines = [[title, "bold"], [caption, "normal"]].map(([text, weight]) => {
    const font = `${weight} ${size}px ${CAPTION_FAMILY}`
    return wrapped(text, { width: width - 2 * EDGE_PX * scale, font }).map((line) => ({ line, weight, font }))
  })
  return lines.flat()
}

// A drawing on a white ground with its caption below, as the text of a file.
function captioned(svg, { title, caption }) {
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement
  const [width, height] = ["width", "height"].map((name) => Number.parseFloat(drawing.getAttribute(name)))
  const lines = captionLines({ title, caption }, { width })
  const whole = Math.ceil(height + lines.length * LINE_PX + EDGE_PX)
  const make = (name, attributes, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name)
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value)
    }
    made.textContent = text
    return made
  }
  drawing.setAttribute("height", whole)
  drawing.setAttribute("viewBox", `0 0 ${width} ${whole}`)
  drawing.prepend(
    make("title", {}, title),
    make("desc", {}, caption),
    make("rect", { width, height: whole, fill: "#ffffff" }),
  )
  const style = { x: EDGE_PX, "font-family": CAPTION_FAMILY.replaceAll('"', "'"), "font-size": CAPTION_PX, fill: CAPTION_COLOR }
  lines.forEach(({ line, weight }, i) => {
    drawing.append(make("text", { ...style, y: height + i * LINE_PX + CAPTION_PX, "font-weight": weight }, line))
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(drawing)}\n`
}
