// More than there are rows or columns: rows without images are passed over.
const FARTHEST = 300
const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".matrices")
  const focused = parentElement.activeElement?.dataset.id
  const labelled = data.grids.findIndex((grid) => grid.rows.length > 0)
  root.classList.toggle("pair", data.grids.length > 1)
  root.classList.toggle("left-labelled", data.grids.length > 1 && labelled === 0)
  root.classList.toggle("right-labelled", data.grids.length > 1 && labelled === 1)
  const isDense = data.grids.some((grid) => grid.is_dense)
  root.classList.toggle("dense", isDense)
  const drawn = data.grids.map((grid, i) => (grid.rows.length > 0 ? table(grid, isDense || i === labelled) : absent(grid)))
  root.replaceChildren(...drawn)
  const buttons = [...root.querySelectorAll("button")]
  for (const button of buttons) {
    button.setAttribute("aria-pressed", button.dataset.id === data.picked)
    button.onclick = () => setTriggerValue("picked", button.dataset.id)
  }
  root.style.setProperty("--number", `${longestNumber(data.grids) + 1}ch`)
  fitHeads(root)
  roam(root, buttons)
  buttons.find((button) => button.dataset.id === focused)?.focus()
}

function longestNumber(grids) {
  const rows = grids.flatMap((grid) => grid.rows)
  const isNoted = rows.some((row) => row.notes.some(Boolean))
  const words = grids.flatMap((grid) => grid.n_heads).flatMap((text) => text.split(" "))
  return Math.max(isNoted ? 5 : 3, ...words.map((word) => word.length), ...rows.flatMap((row) => row.n.map((text) => text.length)))
}

// Names of columns that are wider than these stand upright.
function fitHeads(root) {
  const heads = [...root.querySelectorAll("th.class")]
  const fit = () => {
    root.classList.remove("upright")
    const isWider = heads.some((head) => head.firstChild.offsetWidth > head.clientWidth)
    root.classList.toggle("upright", isWider)
  }
  root.watch?.disconnect()
  root.watch = new ResizeObserver(fit)
  root.watch.observe(root)
  fit()
}

// One stop for the Tab key; from there, arrow keys lead to the next button in that direction.
function roam(root, buttons) {
  const stop = buttons.find((button) => button.getAttribute("aria-pressed") === "true") ?? buttons[0]
  const places = new Map(buttons.map((button) => [`${button.dataset.line} ${button.dataset.place}`, button]))
  buttons.forEach((button) => (button.tabIndex = button === stop ? 0 : -1))
  root.onkeydown = (event) => {
    const step = STEPS[event.key]
    const from = event.target.closest("button")
    if (!step || !from) {
      return
    }
    event.preventDefault()
    event.stopPropagation()
    places.get(next(places, from.dataset, step))?.focus()
  }
}

function next(places, { line, place }, [down, across]) {
  for (let step = 1; step <= FARTHEST; step++) {
    const target = `${Number(line) + down * step} ${Number(place) + across * step}`
    if (places.has(target)) {
      return target
    }
  }
  return null
}

function absent(grid) {
  const panel = element("section", "absent")
  panel.append(heading("p", grid), element("p", "why", grid.absent))
  return panel
}

function table(grid, isLabelled) {
  const made = element("table", isLabelled ? "labelled" : "")
  made.append(heading("caption", grid), head(grid))
  const body = document.createElement("tbody")
  body.append(...grid.rows.map((row, i) => line(grid, row, i)))
  made.append(body, ...(grid.foot.length > 0 ? [foot(grid)] : []))
  return made
}

function heading(name, { title, detail, hue }) {
  const made = element(name, "heading")
  const first = element("b", "", title)
  first.style.color = hue
  made.append(first, " ", element("span", "", detail))
  return made
}

function foot(grid) {
  const line = document.createElement("tr")
  const numbers = grid.foot.map((text, j) => {
    const number = element("td", "below", text)
    number.append(element("small", "", grid.foot_notes[j]))
    return number
  })
  line.append(element("td", "label below", "n predicted"), ...numbers)
  const part = document.createElement("tfoot")
  part.append(line)
  return part
}

function head(grid) {
  const made = document.createElement("tr")
  const corner = element("td", "label corner", grid.corner)
  const numbers = grid.n_heads.map((text) => columnHead(text, "n"))
  made.append(corner, ...grid.classes.map((text) => columnHead(text, "class")), ...numbers)
  const part = document.createElement("thead")
  part.append(made)
  return part
}

function columnHead(text, className) {
  const made = element("th", className)
  // A line may end behind a slash.
  made.append(element("span", "", text.replaceAll("/", "/\u200b")))
  made.scope = "col"
  return made
}

function line(grid, row, i) {
  const made = document.createElement("tr")
  const label = element("th", "label", row.name)
  label.scope = "row"
  const cells = row.cells.map((cell, j) => {
    const place = document.createElement("td")
    place.append(button(grid, cell, i, j))
    return place
  })
  if (cells.length === 0) {
    const empty = element("td", "empty", row.absent)
    empty.colSpan = grid.classes.length
    cells.push(empty)
  }
  const numbers = row.n.map((text, j) => {
    const number = element("td", "n", text)
    number.append(element("small", "", row.notes[j]))
    return number
  })
  made.append(label, ...cells, ...numbers)
  return made
}

function button(grid, cell, i, j) {
  const made = element("button", [cell.is_right && "right", cell.is_faint && "faint"].filter(Boolean).join(" "), cell.text)
  made.type = "button"
  made.title = cell.title
  made.setAttribute("aria-label", cell.title)
  made.style.background = cell.fill
  made.style.color = cell.ink
  made.dataset.id = `${grid.side}-${i}-${j}`
  // Where the other matrix is beside it its columns follow; below it, its rows.
  const behind = grid.side === "external" ? grid.classes.length : 0
  made.dataset.line = i + (grid.is_dense ? behind : 0)
  made.dataset.place = j + (grid.is_dense ? 0 : behind)
  return made
}
