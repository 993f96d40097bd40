const ASKED_SECONDS = 30
const PRINT_FONTS = "DejaVu Sans"

// What is costly (the figure again, Plotly, fonts, a PDF) is asked for once the menu is open; an answer bears the number
// of its question, so that one that comes again with another run of the script does nothing.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".menu")
  const own = (root.own ??= start(root, parentElement))
  own.data = data
  own.send = (asked) => setTriggerValue("asked", asked)
  if (data.answer !== null) {
    own.waiting.get(data.answer.turn)?.(data.answer)
    own.waiting.delete(data.answer.turn)
  }
  own.fill()
}

function start(root, parentElement) {
  const own = { waiting: new Map(), turn: Date.now(), filled: "" }
  const parts = menu(root, { label: "Download this figure", opened: () => prepare(own) })
  const note = parts.list.querySelector(".note")
  own.say = (text) => (note.textContent = text)
  own.width = () => parentElement.host.closest("[class*=st-key-picture_]").clientWidth
  own.fill = () => {
    const known = JSON.stringify([own.data.ways, own.data.missing])
    if (own.filled === known) {
      return
    }
    own.filled = known
    const items = own.data.ways.map((way) => menuItem(LABELS[way], () => choose(own, way, parts)))
    parts.list.replaceChildren(...items, ...(own.data.missing ? [element("p", "note", own.data.missing)] : []), note)
  }
  return own
}

const LABELS = { svg: "SVG", png: "PNG", pdf: "PDF", enlarge: "Enlarge" }

function prepare(own) {
  own.say("")
  own.picture = ask(own, { what: "picture" })
  own.picture.then((picture) => picture.figure && printTools(picture)).catch(() => {})
}

async function choose(own, way, { button, close }) {
  own.say("Drawing …")
  try {
    const picture = await own.picture
    if (way === "enlarge") {
      await showEnlarged(await ask(own, { what: "enlarged" }), picture, button)
    } else if (way === "png") {
      save(await png(await sheet(picture)), `${picture.name}.png`)
    } else if (way === "svg") {
      save(new Blob([await svg(own, picture)], { type: "image/svg+xml" }), `${picture.name}.svg`)
    } else {
      const drawn = picture.sheet ? { png: await base64(await png(await sheet(picture))) } : { svg: await svg(own, picture) }
      const { pdf } = await ask(own, { what: "pdf", ...drawn })
      save(new Blob([decode(pdf)], { type: "application/pdf" }), `${picture.name}.pdf`)
    }
    own.say("")
    close()
    button.focus()
  } catch (problem) {
    own.say(problem.message)
  }
}

function ask(own, asked) {
  own.turn += 1
  const turn = own.turn
  return new Promise((answered, failed) => {
    const late = setTimeout(() => failed(new Error("The server did not answer.")), 1000 * ASKED_SECONDS)
    own.waiting.set(turn, (answer) => {
      clearTimeout(late)
      answer.problem ? failed(new Error(answer.problem)) : answered(answer)
    })
    own.send({ ...asked, turn })
  })
}

// Plotly as the Python package brings it, once for all figures and pages; and the letters that are measured and embedded.
function printTools({ plotly, fonts }) {
  return Promise.all([plotlyFrom(plotly), fontsFrom(fonts)])
}

function plotlyFrom(address) {
  globalThis.secondSitePlotly ??= new Promise((loaded, failed) => {
    const script = document.createElement("script")
    script.src = served(address)
    script.onload = () => loaded(globalThis.Plotly)
    script.onerror = () => {
      globalThis.secondSitePlotly = undefined
      failed(new Error("Plotly could not be loaded."))
    }
    document.head.append(script)
  })
  return globalThis.secondSitePlotly
}

function fontsFrom(files) {
  globalThis.secondSiteFonts ??= Promise.all(
    files.map(async ({ address, weight, style }) => {
      const face = new FontFace(PRINT_FONTS, `url("${served(address)}")`, { weight, style })
      document.fonts.add(await face.load())
    }),
  )
  return globalThis.secondSiteFonts
}

// Below the folder that the page itself was served from.
function served(address) {
  return new URL(`.${address}`, location.origin + location.pathname).href
}

async function svg(own, picture) {
  if (picture.figure === undefined) {
    return captioned(picture.svg, picture)
  }
  const [plotly] = await printTools(picture)
  const { data, layout } = JSON.parse(picture.figure)
  const size = { width: Math.round(Math.max(640, own.width())), height: layout.height ?? 450 }
  const figure = { data, layout: { ...layout, ...size }, config: { staticPlot: true } }
  return captioned(await plotly.toImage(figure, { format: "svg", imageDataOnly: true, ...size }), picture)
}

async function sheet(picture) {
  return drawSheet(picture.sheet.drawn ? globalThis.secondSitePictures.get(picture.sheet.drawn)() : picture.sheet, picture)
}

function png(canvas) {
  return new Promise((made) => canvas.toBlob(made, "image/png"))
}

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ""
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  }
  return btoa(text)
}

// The chart as large as the window, where a drag zooms and a double click shows all of it again.
async function showEnlarged({ figure }, picture, button) {
  const plotly = await plotlyFrom(picture.plotly)
  const { data, layout } = JSON.parse(figure)
  const dialog = document.createElement("dialog")
  dialog.setAttribute("aria-label", picture.title)
  const ground = layout.template.layout.hoverlabel.bgcolor
  const ink = layout.template.layout.font.color
  dialog.style.cssText = `box-sizing:border-box;width:96vw;max-width:none;height:94vh;max-height:none;padding:12px 16px;
    border:1px solid ${layout.template.layout.hoverlabel.bordercolor};border-radius:8px;background:${ground};color:${ink};
    display:flex;flex-direction:column;font-family:"Source Sans",sans-serif;font-size:14px`
  const head = element("div", "")
  head.style.cssText = "display:flex;gap:1rem;align-items:baseline;padding-bottom:6px"
  const close = element("button", "", "Close")
  close.type = "button"
  close.style.cssText = "margin-left:auto;padding:4px 12px;border:1px solid;border-radius:6px;background:none;color:inherit;font:inherit;cursor:pointer"
  close.addEventListener("click", () => dialog.close())
  head.append(element("strong", "", picture.title), element("span", "", "Drag to zoom; a double click shows all again."), close)
  const place = element("div", "")
  place.style.cssText = "flex:1;min-height:0"
  dialog.append(head, place)
  dialog.addEventListener("keydown", (event) => event.stopPropagation())
  dialog.addEventListener("close", () => {
    plotly.purge(place)
    dialog.remove()
    button.focus()
  })
  document.body.append(dialog)
  dialog.showModal()
  const size = { width: place.clientWidth, height: Math.max(place.clientHeight, 200) }
  await plotly.newPlot(place, data, { ...layout, ...size, dragmode: "zoom" }, { displayModeBar: false, doubleClick: "reset" })
}
