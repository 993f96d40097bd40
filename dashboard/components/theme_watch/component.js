// The browser changes its theme without telling Python, which has coloured the charts for the old one.
export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.host ?? parentElement
  const ground = getComputedStyle(host).getPropertyValue("--st-background-color").trim()
  if (ground && ground.toLowerCase() !== data.ground.toLowerCase()) {
    setTriggerValue("changed", ground)
  }
}
