// Pictures whose state only the browser knows: each says under its name what its menu takes along, as `sheet.js` draws it.
function takenAlong(name, sheet) {
  globalThis.secondSitePictures ??= new Map()
  globalThis.secondSitePictures.set(name, sheet)
}
