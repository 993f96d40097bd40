// Zoom and pan of pictures that move together. The view is a scale and the place, in fractions of the picture, that lies
// at the middle of its ground; `picture` in each ground has the aspect `view.aspect`.
//
// Ctrl and the wheel (so pinching on a touchpad) zoom at the pointer, dragging pans, a double click zooms in and back;
// with the focus + and - zoom, 0 resets, and the arrow keys pan what is zoomed and else go on to the page.
const MOST_SCALE = 8
const SCALE_STEP = 1.25
const WHOLE = { scale: 1, x: 0.5, y: 0.5 }
const PAN_STEP = 0.15
const PAN_KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

function zoomable(grounds, { view, shown, pans = () => true }) {
  const [first] = grounds
  // The visible part in fractions of the picture.
  const visible = () => {
    const { clientWidth, clientHeight } = first
    const base = Math.min(clientWidth, clientHeight * view.aspect)
    return { x: clientWidth / (base * view.scale), y: clientHeight / ((base / view.aspect) * view.scale) }
  }
  const apply = () => {
    const seen = visible()
    for (const axis of ["x", "y"]) {
      const most = Math.max(0.5, 1 - seen[axis] / 2)
      view[axis] = Math.min(most, Math.max(1 - most, view[axis]))
    }
    for (const ground of grounds) {
      ground.style.setProperty("--scale", view.scale)
      ground.style.setProperty("--x", view.x)
      ground.style.setProperty("--y", view.y)
      ground.classList.toggle("zoomed", view.scale > 1)
    }
    shown(view)
  }
  // From the middle of a ground to a pointer, in grounds.
  const from = (event) => {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: (event.clientX - box.left) / box.width - 0.5, y: (event.clientY - box.top) / box.height - 0.5 }
  }
  const move = ({ x, y }) => {
    const seen = visible()
    Object.assign(view, { x: view.x + x * seen.x, y: view.y + y * seen.y })
    apply()
  }
  const zoom = (factor, at = { x: 0, y: 0 }) => {
    const before = visible()
    view.scale = Math.min(MOST_SCALE, Math.max(1, view.scale * factor))
    const after = visible()
    Object.assign(view, { x: view.x + at.x * (before.x - after.x), y: view.y + at.y * (before.y - after.y) })
    apply()
  }
  const reset = () => {
    Object.assign(view, WHOLE)
    apply()
  }
  for (const ground of grounds) {
    ground.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        zoom(Math.exp(-Math.sign(event.deltaY) * Math.min(0.25, Math.abs(event.deltaY) / 200)), from(event))
      }
    }, { passive: false })
    ground.addEventListener("dblclick", (event) => (view.scale > 1 ? reset() : zoom(2, from(event))))
    dragged(ground, { starts: (event) => view.scale > 1 && pans(event), moved: ({ x, y }) => move({ x: -x, y: -y }) })
    ground.addEventListener("keydown", (event) => {
      const step = PAN_KEYS[event.key]
      const done = { "+": () => zoom(SCALE_STEP), "=": () => zoom(SCALE_STEP), "-": () => zoom(1 / SCALE_STEP), 0: reset }
      const act = step && view.scale > 1 ? () => move({ x: PAN_STEP * step[0], y: PAN_STEP * step[1] }) : done[event.key]
      if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault()
        event.stopPropagation()
        act()
      }
    })
  }
  new ResizeObserver(apply).observe(first)
  return { apply, reset, buttons: () => zoomButtons({ zoom, reset }) }
}

// Tells how far a pressed pointer has moved since the last time, in shares of the element.
function dragged(over, { starts, moved }) {
  let last = null
  over.addEventListener("pointerdown", (event) => {
    if (event.button < 2 && starts(event)) {
      event.preventDefault()
      over.focus({ preventScroll: true })
      over.setPointerCapture(event.pointerId)
      last = event
    }
  })
  over.addEventListener("pointermove", (event) => {
    if (last !== null) {
      const before = last
      last = event
      const { width, height } = over.getBoundingClientRect()
      moved({ x: (event.clientX - before.clientX) / width, y: (event.clientY - before.clientY) / height }, before)
    }
  })
  for (const end of ["pointerup", "pointercancel"]) {
    over.addEventListener(end, () => (last = null))
  }
}

function zoomButtons({ zoom, reset }) {
  const group = element("span", "zoom")
  group.setAttribute("role", "group")
  group.setAttribute("aria-label", "Zoom")
  const made = [["−", "Zoom out", () => zoom(1 / SCALE_STEP)], ["", "", reset], ["+", "Zoom in", () => zoom(SCALE_STEP)]]
  for (const [text, label, act] of made) {
    const button = element("button", text === "" ? "scale" : "", text)
    button.type = "button"
    button.title = label
    if (label) {
      button.setAttribute("aria-label", label)
    }
    button.addEventListener("click", act)
    group.append(button)
  }
  return group
}

// Says the scale on the button that resets it.
function tellScale(group, { scale }) {
  const button = group?.querySelector(".scale")
  if (button) {
    const said = `${Math.round(100 * scale)} %`
    button.textContent = said
    button.title = "Reset the zoom"
    button.setAttribute("aria-label", `Zoom ${said}, reset`)
  }
}
