const ASKED_SECONDS = 30
const LABELS = { svg: "SVG", png: "PNG", pdf: "PDF", enlarge: "Enlarge" }
const NARROWEST_PX = 640

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
  const [items, missing, note] = parts.list.children
  own.say = (text) => (note.textContent = text)
  own.width = () => parentElement.host.closest("[class*=st-key-picture_]").clientWidth
  own.fill = () => {
    const known = JSON.stringify(own.data.ways)
    if (own.filled !== known) {
      own.filled = known
      items.replaceChildren(...own.data.ways.map((way) => menuItem(LABELS[way], () => choose(own, way, parts))))
    }
    missing.textContent = own.data.missing
  }
  return own
}

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

async function svg(own, picture) {
  if (picture.figure === undefined) {
    return captioned(picture.svg, picture)
  }
  const [plotly] = await printTools(picture)
  const { data, layout } = JSON.parse(picture.figure)
  const size = { width: Math.round(Math.max(NARROWEST_PX, own.width())), height: layout.height ?? 450 }
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
