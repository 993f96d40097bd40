const SAID_MS = 1500

export default function ({ data, parentElement }) {
  const [code, button] = ["code", "button"].map((tag) => parentElement.querySelector(tag))
  parentElement.querySelector(".label").textContent = data.label
  code.textContent = data.text
  button.textContent = "Copy"
  button.title = data.note
  button.setAttribute("aria-label", `Copy: ${data.label}. ${data.note}`)
  button.onclick = async () => {
    await copy(code)
    button.textContent = "Copied"
    setTimeout(() => (button.textContent = "Copy"), SAID_MS)
  }
}

// A page that is not served from this machine has no clipboard: there the text is selected and copied by command.
async function copy(code) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(code.textContent)
  } else {
    window.getSelection().selectAllChildren(code)
    document.execCommand("copy")
  }
}
