// The lines on which a field of across x down values has a level, as the path of an SVG whose sides are 1; a value lies
// at the middle of its cell. Marching squares, its pieces put together so that they can be dashed.
function contour(field, { across, down }, level) {
  const pieces = new Map()
  const join = (one, other) => {
    pieces.set(one, [...(pieces.get(one) ?? []), other])
    pieces.set(other, [...(pieces.get(other) ?? []), one])
  }
  for (let y = 0; y + 1 < down; y++) {
    for (let x = 0; x + 1 < across; x++) {
      crossings(field, { x, y, across }, level).forEach(([one, other]) => join(one, other))
    }
  }
  const ends = [...pieces.keys()].filter((edge) => pieces.get(edge).length === 1)
  const lines = []
  for (const start of [...ends, ...pieces.keys()]) {
    if (pieces.get(start).length > 0) {
      lines.push(followed(pieces, start))
    }
  }
  const place = (edge) => onEdge(field, edge, { across, down }, level)
  return lines.map((line) => `M${line.map((edge) => place(edge).map((at) => at.toFixed(4)).join(" ")).join("L")}`).join("")
}

// An edge between two neighbours is told by the first and whether the second lies below it. In a square each line goes
// from one edge to another; where two could, the one that keeps the high corners together.
function crossings(field, { x, y, across }, level) {
  const at = y * across + x
  const [top, left, bottom, right] = [2 * at, 2 * at + 1, 2 * (at + across), 2 * (at + 1) + 1]
  const high = [at, at + 1, at + across + 1, at + across].map((i) => field[i] >= level)
  const around = [top, right, bottom, left].filter((_, i) => high[i] !== high[(i + 1) % 4])
  if (around.length < 4) {
    return around.length === 2 ? [around] : []
  }
  return high[0] ? [[top, right], [bottom, left]] : [[top, left], [bottom, right]]
}

function followed(pieces, start) {
  const line = [start]
  for (let here = start, next = pieces.get(start).pop(); next !== undefined; next = pieces.get(here).pop()) {
    pieces.get(next).splice(pieces.get(next).indexOf(here), 1)
    line.push(next)
    here = next
  }
  return line
}

function onEdge(field, edge, { across, down }, level) {
  const first = edge >> 1
  const [x, y] = [first % across, Math.floor(first / across)]
  const second = edge % 2 ? first + across : first + 1
  const share = (level - field[first]) / (field[second] - field[first])
  return [(x + 0.5 + (edge % 2 ? 0 : share)) / across, (y + 0.5 + (edge % 2 ? share : 0)) / down]
}
