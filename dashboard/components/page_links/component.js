const REMEMBERED = "second_site_run"
const YEAR_S = 365 * 24 * 3600

export default function ({ data, parentElement, setTriggerValue }) {
  const nav = parentElement.querySelector("nav")
  const focused = parentElement.activeElement?.dataset.id
  const links = data.pages.map(({ id, title }) => {
    const link = document.createElement("a")
    link.textContent = title
    link.dataset.id = id
    link.href = "?" + new URLSearchParams({ ...data.comparison, page: id })
    if (id === data.current) {
      link.setAttribute("aria-current", "page")
    }
    follow(link, () => setTriggerValue("opened", id))
    return link
  })
  nav.replaceChildren(...links)
  nav.querySelectorAll("a").forEach((link) => link.dataset.id === focused && link.focus())
  completeAddress({ page: data.current, ...data.comparison })
  remember(data.comparison.run)
  keepFocus()
}

// The run that this browser opened last: where an address names none, it is opened again.
function remember(run) {
  if (run) {
    document.cookie = `${REMEMBERED}=${encodeURIComponent(run)}; path=/; max-age=${YEAR_S}; samesite=strict`
  }
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
