const SETTLED_MS = 150
const TRIES = 14 // components draw a while after the script has run
const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex]"

// What had the focus of the keyboard and is drawn anew gets it again; on another page, what last had it there, else the
// title, so that the Tab key goes on from there and not from the top. A click takes the focus away on purpose.
function keepFocus() {
  if (document.keptFocus) {
    return
  }
  const kept = { last: null, onPage: new Map(), byKeyboard: false, waiting: 0, tries: 0 }
  document.keptFocus = kept
  document.addEventListener("pointerdown", () => (kept.byKeyboard = false), true)
  document.addEventListener("focusin", () => note(kept))
  // A step from one control of a component to its next is not told outside of it.
  document.addEventListener("keydown", () => note(kept, { byKeyboard: true }), true)
  new MutationObserver(() => {
    clearTimeout(kept.waiting)
    kept.waiting = setTimeout(() => restore(kept), SETTLED_MS)
  }).observe(document.body, { childList: true, subtree: true })
}

function note(kept, told = {}) {
  Object.assign(kept, told)
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) {
    element = element.shadowRoot.activeElement
  }
  if (!element || element === document.body) {
    return
  }
  kept.last = { element, place: placeOf(element) }
  if (kept.last.place) {
    kept.onPage.set(page(), kept.last.place)
  }
}

function restore(kept) {
  const isRunning = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "running"
  const isLost = document.activeElement === document.body && kept.last && !kept.last.element.isConnected
  if (!kept.byKeyboard || !isLost) {
    return
  }
  const known = kept.onPage.get(page())
  const target = find(kept.last.place) ?? find(known)
  if (isRunning || (!target && known && kept.tries < TRIES)) {
    kept.tries += isRunning ? 0 : 1
    clearTimeout(kept.waiting)
    kept.waiting = setTimeout(() => restore(kept), SETTLED_MS)
    return
  }
  kept.tries = 0
  const found = target ?? title()
  found?.focus()
}

function title() {
  const found = document.querySelector("h1")
  found?.setAttribute("tabindex", "-1")
  return found
}

function page() {
  return new URLSearchParams(window.location.search).get("page")
}

// A control by the key that Python gave its element, and by what it is called there.
function placeOf(element) {
  const host = element.getRootNode().host ?? element
  const holder = host.closest?.('[class*="st-key-"]')
  const key = holder && [...holder.classList].find((name) => name.startsWith("st-key-"))
  return key ? { key, name: nameOf(element) } : null
}

function find(place) {
  const holder = place && document.querySelector(`.${CSS.escape(place.key)}`)
  return holder ? (controls(holder).find((control) => nameOf(control) === place.name) ?? null) : null
}

function controls(root) {
  const inside = [...root.querySelectorAll("*")].filter((element) => element.shadowRoot)
  return [...root.querySelectorAll(FOCUSABLE), ...inside.flatMap((element) => controls(element.shadowRoot))]
}

function nameOf(element) {
  const link = element.href && new URL(element.href).searchParams.get("img")
  return element.dataset?.id ?? link ?? element.getAttribute("aria-label") ?? element.textContent
}
