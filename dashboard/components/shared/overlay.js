// Saliency over an image, the same on every page: colour that is the denser the higher the value, the lines of half and
// of four fifths of the map's peak, and a cross on the peak. A diffuse map, which points nowhere, has no colour.

// Inferno from purple to amber: neither its dark nor its pale end, which a dark lung or a white abdomen would swallow.
const RAMP = [
  [87, 16, 110], [138, 34, 106], [188, 55, 84], [227, 89, 51], [249, 140, 10], [249, 186, 35],
]
const CLEAR_BELOW = 0.2
const LINES_AT = [0.5, 0.8]
const DENSITY_AT = [0.5]
const WEAKEST_LINE = 0.4
const LINE_COLOR = "#ffd166"
const CASING_COLOR = "rgb(0 0 0 / 60%)"
const OVER_A_TILE = 0.7
const FIELD = { across: 64, down: 64 }

// The bytes behind a base64 text.
function decode(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}

// All that lies over a picture for one map of height x width values, 0 to 255: strength is what its peak is worth, 0 to
// 1, and peak the place of the cross; a bare one has colour alone. `--opacity` is that of the colour; the lines of a
// weak map are weak too.
function overlay({ values, height, width, strength = 1, peak = null, diffuse = false, bare = false }, side) {
  const frame = element("div", "overlay")
  if (!diffuse) {
    const canvas = document.createElement("canvas")
    canvas.width = canvas.height = side
    paint(canvas, values, { height, width, strength })
    frame.append(canvas)
  }
  if (!bare) {
    const lines = element("div", "over-lines")
    lines.style.opacity = WEAKEST_LINE + (1 - WEAKEST_LINE) * Math.min(1, strength)
    lines.append(outlines(values, { height, width }, LINES_AT), ...(peak === null ? [] : [cross(peak)]))
    frame.append(lines)
  }
  return frame
}

// The same within a place of a canvas, for a picture to take along; a line is so many pixels wide.
function drawOverlay(context, map, place, { opacity = OVER_A_TILE, line, side }) {
  const { values, height, width, strength = 1, peak = null, diffuse = false, bare = false } = map
  if (!diffuse) {
    const canvas = document.createElement("canvas")
    canvas.width = canvas.height = side
    paint(canvas, values, { height, width, strength })
    context.globalAlpha = opacity
    context.drawImage(canvas, place.left, place.top, place.width, place.height)
  }
  context.globalAlpha = WEAKEST_LINE + (1 - WEAKEST_LINE) * Math.min(1, strength)
  if (!bare) {
    drawLines(context, outlines(values, { height, width }, LINES_AT), place, { line, color: LINE_COLOR })
  }
  if (!bare && peak !== null) {
    const [x, y] = [place.left + peak[0] * place.width, place.top + peak[1] * place.height]
    const arm = 5 * line
    strokeCased(context, new Path2D(`M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`), { line, color: LINE_COLOR })
  }
  context.globalAlpha = 1
}

// The lines of an SVG whose sides are 1, within a place of a canvas.
function drawLines(context, svg, { left, top, width, height }, style) {
  for (const line of svg.querySelectorAll("path:not(.casing)")) {
    const path = new Path2D()
    path.addPath(new Path2D(line.getAttribute("d")), new DOMMatrix([width, 0, 0, height, left, top]))
    strokeCased(context, path, style)
  }
}

function strokeCased(context, path, { line, color, dash = [] }) {
  for (const [stroke, wide, dashes] of [[CASING_COLOR, 2.3 * line, []], [color, line, dash]]) {
    context.strokeStyle = stroke
    context.lineWidth = wide
    context.setLineDash(dashes)
    context.stroke(path)
  }
  context.setLineDash([])
}

// Draws a map over the whole canvas.
function paint(canvas, values, { height, width, strength = 1 }) {
  const side = { across: canvas.width, down: canvas.height }
  const smooth = enlarge(values, { height, width }, side)
  const context = canvas.getContext("2d")
  const image = context.createImageData(side.across, side.down)
  smooth.forEach((value, i) => {
    const level = Math.min(1, Math.max(0, (value / 255) * strength))
    image.data.set(color(level), 4 * i)
    image.data[4 * i + 3] = 255 * density(level)
  })
  context.putImageData(image, 0, 0)
}

function density(level) {
  return Math.max(0, (level - CLEAR_BELOW) / (1 - CLEAR_BELOW))
}

function color(level) {
  const place = Math.min(0.9999, density(level)) * (RAMP.length - 1)
  const below = Math.floor(place)
  return RAMP[below].map((low, channel) => low + (RAMP[below + 1][channel] - low) * (place - below))
}

// The lines of some shares of a map's peak, each dark below and light above.
function outlines(values, { height, width }, shares, className = "lines") {
  const field = enlarge(values, { height, width }, FIELD)
  const peak = values.reduce((most, value) => Math.max(most, value), 0)
  const svg = unitSquare(className)
  for (const share of peak > 0 ? shares : []) {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path")
    line.setAttribute("d", contour(field, FIELD, share * peak))
    line.dataset.share = share
    svg.append(...cased(line))
  }
  return svg
}

function cross([x, y]) {
  const mark = element("i", "peak")
  Object.assign(mark.style, { left: `${100 * x}%`, top: `${100 * y}%` })
  return mark
}

function unitSquare(className) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("class", className)
  svg.setAttribute("viewBox", "0 0 1 1")
  svg.setAttribute("preserveAspectRatio", "none")
  return svg
}

// A shape with a dark one below it, so that it is seen on any ground.
function cased(shape) {
  const below = shape.cloneNode(true)
  below.setAttribute("class", "casing")
  return [below, shape]
}

// Bicubic along the rows, then along the columns; a cell's value lies at its centre.
function enlarge(values, { height, width }, { across, down }) {
  const wide = new Float32Array(height * across)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < across; x++) {
      wide[y * across + x] = between((i) => values[y * width + i], width, ((x + 0.5) * width) / across - 0.5)
    }
  }
  const smooth = new Float32Array(down * across)
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      smooth[y * across + x] = between((i) => wide[i * across + x], height, ((y + 0.5) * height) / down - 0.5)
    }
  }
  return smooth
}

// Catmull-Rom through the four neighbours of a place; beyond the edge the last value goes on.
function between(at, length, place) {
  const first = Math.floor(place)
  const t = place - first
  const [a, b, c, d] = [-1, 0, 1, 2].map((step) => at(Math.min(length - 1, Math.max(0, first + step))))
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}

// A rectangle in an SVG whose sides are 1, from a box in fractions of the image.
function rectangle([x0, y0, x1, y1]) {
  const box = document.createElementNS("http://www.w3.org/2000/svg", "rect")
  for (const [name, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 })) {
    box.setAttribute(name, value)
  }
  return box
}
