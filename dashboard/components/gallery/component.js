const MARKS = { right: "✓", wrong: "✕" }
const CANVAS_PX = 112

export default function ({ data, parentElement, setTriggerValue }) {
  const tiles = parentElement.querySelector(".tiles")
  tiles.style.setProperty("--columns", data.columns)
  tiles.classList.toggle("hover", data.saliency === "hover")
  const known = JSON.stringify(data)
  if (tiles.shown === known) {
    return
  }
  tiles.shown = known
  tiles.replaceChildren(...data.items.map((item) => tile(item, data, setTriggerValue)))
}

function tile(item, { saliency, absent }, setTriggerValue) {
  const frame = document.createElement(item.id === null ? "div" : "a")
  frame.className = "tile"
  frame.title = item.alt
  if (item.id !== null) {
    frame.href = item.href
    follow(frame, () => setTriggerValue("opened", item.id))
  }
  frame.append(ground(item, { saliency, absent, frame }), caption(item))
  return frame
}

function ground(item, { saliency, absent, frame }) {
  const black = element("div", "ground")
  const picture = element("div", "picture")
  picture.style.setProperty("--aspect", item.aspect)
  if (item.src === null) {
    picture.append(element("span", "absent", absent))
  } else {
    const image = element("img", "")
    image.src = item.src
    image.alt = item.alt
    picture.append(image)
  }
  const overlaid = item.src === null ? null : item.overlay
  if (overlaid !== null && saliency === "always") {
    picture.append(overlay(overlaid))
  }
  if (overlaid !== null && saliency === "hover") {
    const once = () => picture.querySelector("canvas") ?? picture.append(overlay(overlaid))
    frame.addEventListener("pointerenter", once)
    frame.addEventListener("focus", once)
  }
  if (item.boxes.length > 0) {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg")
    drawing.setAttribute("viewBox", "0 0 1 1")
    drawing.setAttribute("preserveAspectRatio", "none")
    drawing.append(...item.boxes.map(rectangle))
    picture.append(drawing)
  }
  black.append(picture)
  return black
}

function overlay({ values, height, width, strength }) {
  const canvas = document.createElement("canvas")
  canvas.width = CANVAS_PX
  canvas.height = CANVAS_PX
  paint(canvas, decode(values), { height, width, strength })
  return canvas
}

function caption({ mark, strong, soft }) {
  const line = element("span", "caption")
  const first = document.createElement("b")
  first.textContent = [MARKS[mark], strong].filter(Boolean).join(" ")
  line.append(first, " " + soft)
  line.title = line.textContent
  return line
}
