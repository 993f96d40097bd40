// Images with what lies over them on one white sheet, a caption below.
function drawSheet() {
  return null
}
