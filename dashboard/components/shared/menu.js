// A quiet button whose menu opens below it. Escape, a choice and a click elsewhere close it; the button has the focus
// again but for the click. Arrow keys go through it, and nothing of it reaches the page's own keys.
function menu(root, { label, opened }) {
  const [button, list] = root.children
  button.setAttribute("aria-label", label)
  button.title = label
  const items = () => [...list.querySelectorAll("[role=menuitem]")]
  const close = () => {
    list.hidden = true
    button.setAttribute("aria-expanded", "false")
    document.removeEventListener("pointerdown", elsewhere, true)
  }
  const elsewhere = (event) => event.composedPath().includes(root) || close()
  const open = () => {
    list.hidden = false
    button.setAttribute("aria-expanded", "true")
    document.addEventListener("pointerdown", elsewhere, true)
    items()[0]?.focus()
    opened()
  }
  button.addEventListener("click", () => (list.hidden ? open() : close()))
  root.addEventListener("keydown", (event) => {
    if (list.hidden) {
      return
    }
    event.stopPropagation()
    if (event.key === "Escape") {
      close()
      button.focus()
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const all = items()
      all[(all.indexOf(root.getRootNode().activeElement) + step + all.length) % all.length]?.focus()
    }
  })
  root.addEventListener("focusout", (event) => {
    if (event.relatedTarget !== null && !root.contains(event.relatedTarget)) {
      close()
    }
  })
  return { button, list, close }
}

function menuItem(text, chosen) {
  const item = element("button", "item", text)
  item.type = "button"
  item.setAttribute("role", "menuitem")
  item.tabIndex = -1
  item.addEventListener("click", chosen)
  return item
}
