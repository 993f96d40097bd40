export default function ({ data, parentElement, setTriggerValue }) {
  const links = data.pages.map(({ id, title }) => {
    const link = document.createElement("a")
    link.textContent = title
    link.href = "?" + new URLSearchParams({ ...data.comparison, page: id })
    if (id === data.current) {
      link.setAttribute("aria-current", "page")
    }
    follow(link, () => setTriggerValue("opened", id))
    return link
  })
  parentElement.querySelector("nav").replaceChildren(...links)
  completeAddress({ page: data.current, ...data.comparison })
}

// What the address leaves open is filled in without a new step in the history, so that it can be sent to a colleague.
function completeAddress(comparison) {
  const address = new URL(window.location.href)
  const open = Object.entries(comparison).filter(([key]) => !address.searchParams.has(key))
  for (const [key, value] of open) {
    address.searchParams.set(key, value)
  }
  if (open.length > 0) {
    window.history.replaceState(window.history.state, "", address)
  }
}
