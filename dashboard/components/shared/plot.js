const PRINT_FONTS = "DejaVu Sans"

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

// The chart as large as the window, where a drag zooms and a double click shows all of it again. It lies in the page
// itself, since Plotly's style does not reach into a component.
async function showEnlarged({ figure }, picture, button) {
  const plotly = await plotlyFrom(picture.plotly)
  const { data, layout } = JSON.parse(figure)
  const { font, hoverlabel } = layout.template.layout
  const dialog = document.createElement("dialog")
  dialog.setAttribute("aria-label", picture.title)
  dialog.style.cssText = `box-sizing: border-box; display: flex; flex-direction: column; width: 96vw; max-width: none;
    height: 94vh; max-height: none; padding: 12px 16px; border: 1px solid ${hoverlabel.bordercolor}; border-radius: 8px;
    background: ${hoverlabel.bgcolor}; color: ${font.color}; font: 14px ${font.family}`
  const head = element("div", "")
  head.style.cssText = "display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; padding-bottom: 6px"
  const close = element("button", "", "Close")
  close.type = "button"
  close.style.cssText = `margin-left: auto; padding: 4px 12px; border: 1px solid ${hoverlabel.bordercolor};
    border-radius: 6px; background: none; color: inherit; font: inherit; cursor: pointer`
  close.addEventListener("click", () => dialog.close())
  const hint = element("span", "", "Drag to zoom; a double click shows all of it again.")
  head.append(element("strong", "", picture.title), hint, close)
  const place = element("div", "")
  place.style.cssText = "flex: 1; min-height: 0"
  dialog.append(head, place)
  dialog.addEventListener("keydown", (event) => event.stopPropagation()) // else the arrow keys would walk through images
  dialog.addEventListener("close", () => {
    plotly.purge(place)
    dialog.remove()
    button.focus()
  })
  document.body.append(dialog)
  dialog.showModal()
  const size = { width: place.clientWidth, height: Math.max(place.clientHeight, 200) }
  const settings = { displayModeBar: false, doubleClick: "reset" }
  await plotly.newPlot(place, data, { ...layout, ...size, dragmode: "zoom" }, settings)
}
