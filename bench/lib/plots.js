const WIDTH = 640
const BAR = 26
const GAP = 10
const LABEL = 170
const COLOURS = { product: '#2f6f4f', limit: '#9aa5b1', express: '#c9a227', 'better-auth': '#b5563c', few: '#9aa5b1', many: '#2f6f4f' }

const escape = (text) => text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`)
const thousands = (value) => value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)

/** Horizontal bars, one for each `{ label, value, kind }`, as an SVG text. */
export function bars (title, unit, rows) {
  const most = Math.max(...rows.map(({ value }) => value))
  const height = 46 + rows.length * (BAR + GAP)
  const drawn = rows.map(({ label, value, kind }, i) => {
    const y = 40 + i * (BAR + GAP)
    const length = Math.max(1, value / most * (WIDTH - LABEL - 110))
    return `<text x="${LABEL - 8}" y="${y + 18}" text-anchor="end">${escape(label)}</text>` +
      `<rect x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="3" fill="${COLOURS[kind] ?? '#9aa5b1'}"/>` +
      `<text x="${(LABEL + length + 8).toFixed(1)}" y="${y + 18}">${thousands(value)} ${unit}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="14" fill="#333" ` +
    `role="img" aria-label="${escape(title)}">` +
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>` +
    `<text x="12" y="24" font-weight="bold">${escape(title)}</text>${drawn.join('')}</svg>\n`
}
