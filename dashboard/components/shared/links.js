// Real links, so that they open in a new tab too; a plain click stays on the page and calls `open`.
function follow(link, open) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) {
      return
    }
    event.preventDefault()
    open()
  })
}
