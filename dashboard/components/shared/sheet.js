// Images with what lies over them on one white sheet, groups below each other, a caption at the foot.
//
// A tile is an image (`src`, or a `picture` that is drawn already), over it a map (`overlay`, or a `map` that is decoded
// already, of an `opacity`), `boxes` and their `density`, and below it its words: `mark`, `strong`, `soft`.
const MARKS_IN_WORDS = { right: "✓", wrong: "✕" }
const SHEET_FAMILY = '"Source Sans", "DejaVu Sans", sans-serif'
const SHEET_INK = "#1f1e1c"
const MAP_PX = 448
const FAINT = "grayscale(1) opacity(0.65)"
const TILE_PX = [
  [1, 1000],
  [2, 820],
  [4, 480],
  [Infinity, 300],
]

async function drawSheet({ columns, groups, bare = false }, { title, caption }) {
  const shown = Math.min(columns, Math.max(1, ...groups.map(({ tiles }) => tiles.length)))
  const tile = TILE_PX.find(([most]) => shown <= most)[1]
  const gap = Math.round(tile / 24)
  const width = shown * tile + (shown + 1) * gap
  const letters = Math.round(Math.min(tile / 15, Math.max(width / 70, 17)))
  const line = Math.round(1.3 * letters)
  const placed = []
  let y = gap
  for (const { heading, tiles } of groups) {
    if (heading) {
      placed.push({ words: wrapped(heading, { width: width - 2 * gap, font: sheetFont("bold", letters) }), x: gap, y })
      y += placed.at(-1).words.length * line + gap / 2
    }
    for (let start = 0; start < tiles.length; start += shown) {
      const row = await Promise.all(tiles.slice(start, start + shown).map(readied))
      const below = row.map((one) => tileLines(one, { width: tile, letters }))
      const high = bare ? Math.round(tile / row[0].aspect) : tile
      row.forEach((one, i) => placed.push({ one, below: below[i], x: gap + i * (tile + gap), y, high }))
      y += high + Math.max(...below.map((lines) => lines.length)) * line + gap
    }
  }
  const scale = letters / CAPTION_PX
  const foot = captionLines({ title, caption }, { width, scale })
  const canvas = document.createElement("canvas")
  canvas.width = width
  canvas.height = Math.round(y + foot.length * LINE_PX * scale + gap)
  const context = canvas.getContext("2d")
  context.fillStyle = "#ffffff"
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.textBaseline = "top"
  for (const each of placed) {
    each.words ? writeLines(context, each.words, { ...each, letters, line, weight: "bold" }) : drawTile(context, each, { tile, letters, line })
  }
  context.fillStyle = CAPTION_COLOR
  foot.forEach(({ line: text, font }, i) => {
    context.font = font
    context.fillText(text, gap, y + i * LINE_PX * scale)
  })
  return canvas
}

function sheetFont(weight, size) {
  return `${weight} ${size}px ${SHEET_FAMILY}`
}

async function readied(tile) {
  if (!tile.src) {
    return tile
  }
  const picture = new Image()
  picture.src = tile.src
  await picture.decode()
  return { ...tile, picture }
}

function tileLines({ mark, strong = "", soft = "" }, { width, letters }) {
  const words = [MARKS_IN_WORDS[mark], strong].filter(Boolean).join(" ")
  const lines = `${words} ${soft}`.split("\n").map((part) => part.trim())
  return lines.filter(Boolean).flatMap((part) => wrapped(part, { width, font: sheetFont("normal", letters) }))
}

function writeLines(context, lines, { x, y, letters, line, weight = "normal" }) {
  context.fillStyle = SHEET_INK
  context.font = sheetFont(weight, letters)
  lines.forEach((text, i) => context.fillText(text, x, y + i * line))
}

function drawTile(context, { one, below, x, y, high }, { tile, letters, line: lineHeight }) {
  context.fillStyle = "#000000"
  context.fillRect(x, y, tile, high)
  const wide = Math.min(tile, high * one.aspect)
  const place = { width: wide, height: wide / one.aspect }
  const [left, top] = [x + (tile - place.width) / 2, y + (high - place.height) / 2]
  context.filter = one.overlay?.faint ? FAINT : "none"
  if (one.picture) {
    context.drawImage(one.picture, left, top, place.width, place.height)
  }
  const line = Math.max(1.5, tile / 300)
  const map = one.map ?? (one.overlay && { ...one.overlay, values: decode(one.overlay.values), bare: one.overlay.faint })
  if (map) {
    drawOverlay(context, map, { left, top, ...place }, { opacity: one.opacity, line, side: MAP_PX })
  }
  context.filter = "none"
  if (one.density) {
    const { values, height, width } = one.density
    const svg = outlines(decode(values), { height, width }, DENSITY_AT)
    drawLines(context, svg, { left, top, ...place }, { line, color: "#ffffff", dash: [4 * line, 3 * line] })
  }
  for (const { corners, dashed = false } of one.boxes ?? []) {
    const [x0, y0, x1, y1] = corners
    const path = new Path2D()
    path.rect(left + x0 * place.width, top + y0 * place.height, (x1 - x0) * place.width, (y1 - y0) * place.height)
    strokeCased(context, path, { line, color: dashed ? "#b8b3a8" : "#ffffff", dash: dashed ? [4 * line, 3 * line] : [] })
  }
  writeLines(context, below, { x, y: y + high + lineHeight / 4, letters, line: lineHeight })
}
