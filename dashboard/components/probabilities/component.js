const MARKS = { right: "✓ ", wrong: "✕ " }
const AXIS = [0, 50, 100]

export default function ({ data, parentElement }) {
  const frame = parentElement.querySelector(".bars")
  for (const [name, colour] of Object.entries(data.colours)) {
    frame.style.setProperty(`--${name}`, colour)
  }
  frame.classList.toggle("dense", data.dense)
  frame.replaceChildren(...data.bars.map(row), axis())
}

function row(bar) {
  const line = element("div", `row ${bar.mark}`)
  line.setAttribute("role", "listitem")
  line.setAttribute("aria-label", [bar.finding, bar.said, bar.written, ...bar.ticks.map(({ said }) => said)].filter(Boolean).join(", "))
  const name = element("span", "name", bar.finding)
  if (bar.said) {
    name.append(element("small", "", (MARKS[bar.mark] ?? "") + bar.said))
  }
  const track = element("span", "track")
  const filled = element("i", "filled")
  filled.style.width = `${100 * bar.share}%`
  track.append(filled, ...bar.ticks.map(tick))
  if (bar.threshold !== null) {
    const line = element("i", "threshold")
    line.style.left = `${100 * bar.threshold}%`
    track.append(line)
  }
  track.title = bar.ticks.map(({ said }) => said).join("\n")
  line.append(name, track, element("span", "value", bar.written))
  return line
}

function tick({ share }) {
  const mark = element("i", "tick")
  mark.style.left = `${100 * share}%`
  return mark
}

function axis() {
  const line = element("div", "row axis")
  line.setAttribute("aria-hidden", "true")
  const track = element("span", "track")
  for (const place of AXIS) {
    const label = element("span", "label", place === 100 ? "100 %" : String(place))
    label.style.left = `${place}%`
    track.append(label)
  }
  line.append(element("span", "name"), track, element("span", "value"))
  return line
}
