const MARKS = { right: "✓", wrong: "✕" }
const CANVAS_PX = 112

export default function ({ data, parentElement, setTriggerValue }) {
  const tiles = parentElement.querySelector(".tiles")
  tiles.style.setProperty("--columns", data.columns)
  tiles.style.setProperty("--opacity", OVER_A_TILE)
  tiles.classList.toggle("hover", data.saliency === "hover")
  tiles.classList.toggle("small", data.columns > 2)
  tiles.classList.toggle("captions", data.captionsAlone)
  const known = JSON.stringify(data)
  if (tiles.shown === known) {
    return
  }
  tiles.shown = known
  tiles.replaceChildren(...data.items.map((item) => tile(item, data, setTriggerValue)))
}

function tile(item, { saliency, absent, absentNote, captionsAlone }, setTriggerValue) {
  const frame = document.createElement(item.id === null ? "div" : "a")
  frame.className = "tile"
  frame.title = [item.alt, item.src === null ? absentNote : ""].filter(Boolean).join(". ")
  if (item.id !== null) {
    frame.href = item.href
    follow(frame, () => setTriggerValue("opened", item.id))
  }
  frame.append(...(captionsAlone ? [] : [ground(item, { saliency, absent, frame })]), ...(item.strong || item.soft ? [caption(item)] : []))
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
    picture.append(mapOf(overlaid))
    picture.classList.toggle("faint", overlaid.faint)
  }
  if (overlaid !== null && saliency === "hover") {
    const once = () => picture.querySelector(".overlay") ?? picture.append(mapOf(overlaid))
    frame.addEventListener("pointerenter", once)
    frame.addEventListener("focus", once)
  }
  if (item.density !== null) {
    const { values, height, width } = item.density
    picture.append(outlines(decode(values), { height, width }, DENSITY_AT, "density"))
  }
  if (item.boxes.length > 0) {
    const drawing = unitSquare("boxes")
    drawing.append(...item.boxes.map(rectangle).flatMap(cased))
    picture.append(drawing)
  }
  black.append(picture)
  return black
}

function mapOf({ values, faint, ...map }) {
  return overlay({ ...map, values: decode(values), bare: faint }, CANVAS_PX)
}

function caption({ mark, strong, soft }) {
  const line = element("span", "caption")
  const first = document.createElement("b")
  first.textContent = [MARKS[mark], strong].filter(Boolean).join(" ")
  line.append(first, " " + soft)
  line.title = line.textContent
  return line
}
