const HEADS = ["Run", "Complete since", "Sites", "Images tested", "External accuracy"]

export default function ({ data, parentElement, setTriggerValue }) {
  const head = document.createElement("thead")
  head.append(line(HEADS.map((text) => element("th", "", text))))
  const body = document.createElement("tbody")
  body.append(...data.rows.map((row) => line(cells(row, setTriggerValue))))
  parentElement.querySelector("table").replaceChildren(head, body)
}

function cells(row, setTriggerValue) {
  const link = element("a", "", row.name)
  link.href = row.href
  link.dataset.id = row.id
  follow(link, () => setTriggerValue("opened", row.id))
  const first = document.createElement("td")
  first.append(link, ...(row.is_synthetic ? [" ", element("span", "badge", "synthetic")] : []))
  const rest = [row.day, row.sites, row.images, row.headline || row.state].map((text) => element("td", "", text))
  return [first, ...rest]
}

function line(cells) {
  const made = document.createElement("tr")
  made.append(...cells)
  return made
}
