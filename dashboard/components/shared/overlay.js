// Saliency over an image: a coarse map becomes a smooth one in magma, transparent where it is weak.

const MAGMA = [
  [0, 0, 4], [28, 16, 68], [79, 18, 123], [129, 37, 129], [181, 54, 122], [229, 80, 100], [251, 135, 97],
  [254, 194, 135], [252, 253, 191],
]
const CLEAR_BELOW = 0.15
const CLEAR_RANGE = 0.45
const OVER_A_TILE = 0.55

// A map to lay over a square of so many pixels.
function overlayCanvas({ values, height, width, strength }, side) {
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = side
  paint(canvas, decode(values), { height, width, strength })
  return canvas
}

// The bytes behind a base64 text.
function decode(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}

// Draws a map of height x width values, 0 to 255, over the whole canvas; strength scales them, 0 to 1.
function paint(canvas, values, { height, width, strength = 1 }) {
  const side = { across: canvas.width, down: canvas.height }
  const smooth = enlarge(values, { height, width }, side)
  const context = canvas.getContext("2d")
  const image = context.createImageData(side.across, side.down)
  smooth.forEach((value, i) => {
    const level = Math.min(1, Math.max(0, (value / 255) * strength))
    image.data.set(magma(level), 4 * i)
    image.data[4 * i + 3] = 255 * Math.min(1, Math.max(0, (level - CLEAR_BELOW) / CLEAR_RANGE))
  })
  context.putImageData(image, 0, 0)
}

function magma(level) {
  const place = Math.min(0.9999, level) * (MAGMA.length - 1)
  const below = Math.floor(place)
  return MAGMA[below].map((low, channel) => low + (MAGMA[below + 1][channel] - low) * (place - below))
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
