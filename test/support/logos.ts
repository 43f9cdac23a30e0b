/** Three times as wide as high, and hostile where somebody opens it as a page. */
export const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 32"><script>document.title = "run"</script>' +
  '<rect width="96" height="32" rx="8" fill="#0b6e4f"/></svg>'

/** One pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'
)
