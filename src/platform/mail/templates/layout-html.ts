import { escapeHtml as e } from '../../escape-html.ts'
import type { MailContent } from './content.ts'
import { DARK, LIGHT, type MailLook } from './palette.ts'

const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
const DIGITS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace"
const LONG_CODE = 7

const style = ({ accent }: MailLook): string => `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (max-width: 480px) {
    .card { padding: 24px 18px !important; }
    .digits { letter-spacing: 3px !important; }
    .long { font-size: 36px !important; letter-spacing: 1px !important; }
  }
  @media (prefers-color-scheme: dark) {
    .page { background-color: ${DARK.page} !important; }
    .card { background-color: ${DARK.card} !important; }
    .text { color: ${DARK.text} !important; }
    .muted { color: ${DARK.muted} !important; }
    .accent { color: ${accent.dark} !important; }
    .field { background-color: ${DARK.codeField} !important; }
    .digits { color: ${DARK.code} !important; }
    .line { border-color: ${DARK.line} !important; }
  }`

const paragraph = (text: string, kind: 'text' | 'muted' = 'text'): string =>
  `<p class="${kind}" style="margin:0 0 16px;font-size:16px;line-height:24px;color:${LIGHT[kind]}">${e(text)}</p>`

function codeFrame (code: NonNullable<MailContent['code']>, { gradient }: MailLook): string {
  const image = `linear-gradient(120deg,${gradient.join(',')})`
  const frame = `background-color:${gradient[0]};background-image:${image};border-radius:16px;padding:4px`
  const long = code.digits.length > LONG_CODE
  const digits = `<span class="digits${long ? ' long' : ''}" ` +
    `style="font-family:${DIGITS};font-size:48px;line-height:56px;font-weight:700;` +
    `letter-spacing:${long ? 2 : 6}px;color:${LIGHT.code};-webkit-user-select:all;user-select:all">${e(code.digits)}</span>`
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 16px">
<tr><td bgcolor="${gradient[0]}" style="${frame}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td class="field" align="center" style="background-color:${LIGHT.codeField};border-radius:12px;padding:20px 8px">${digits}</td></tr>
</table>
</td></tr>
</table>
<p class="text" style="${paragraphStyle}"><strong>${e(code.lifetime)}</strong> ${e(code.tellNobody)}</p>`
}

const layoutTable = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
const paragraphStyle = `margin:0 0 16px;font-size:16px;line-height:24px;color:${LIGHT.text}`
const cell = `padding:0 0 4px;font-size:14px;line-height:20px;color:${LIGHT.text}`
const brandStyle = 'padding:0 4px 16px;font-size:20px;line-height:28px;font-weight:700'

const sourceTable = (source: MailContent['source']): string =>
  `<h2 class="text" style="margin:0 0 8px;font-size:16px;line-height:24px;font-weight:600;color:${LIGHT.text}">${e(source.heading)}</h2>
<table cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px">
${source.rows.map(([label, value]) => '<tr><th class="muted" scope="row" align="left" valign="top" style="padding:0 16px 4px ' +
  `0;font-size:14px;line-height:20px;font-weight:400;color:${LIGHT.muted}">${e(label)}</th>` +
  `<td class="text" valign="top" style="${cell}">${e(value)}</td></tr>`).join('\n')}
</table>`

const links = (list: MailContent['links']): string => list.length === 0
  ? ''
  : `<br>\n${list.map(([label, url]) => `<a class="muted" href="${e(url)}" style="color:${LIGHT.muted}">${e(label)}</a>`).join(' · ')}`

/** The HTML part: no image, font or script, and no links but the plain ones to our own page and to those the operator names. */
export function htmlLayout (content: MailContent): string {
  const { words, look } = content
  return `<!doctype html>
<html lang="${content.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>${e(words.subject)}</title>
<style>${style(look)}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:${LIGHT.page}">
<div style="display:none;max-height:0;overflow:hidden">${e(content.code ? `${words.lead}. ${content.code.lifetime}` : words.lead)}</div>
<table ${layoutTable} class="page" style="background-color:${LIGHT.page};font-family:${FONT}">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px;text-align:left">
<tr><td class="accent" style="${brandStyle};color:${look.accent.light}">${e(look.name)}</td></tr>
<tr><td class="card" style="background-color:${LIGHT.card};border-radius:20px;padding:32px">
<h1 class="text" style="margin:0 0 16px;font-size:24px;line-height:32px;font-weight:700;color:${LIGHT.text}">${e(words.heading)}</h1>
${paragraph(content.greeting)}
${words.body.map((text) => paragraph(text)).join('\n')}
${content.code ? codeFrame(content.code, look) : ''}
<div class="line" style="margin:8px 0 20px;border-top:1px solid ${LIGHT.line}"></div>
${sourceTable(content.source)}
${words.advice.map((text) => paragraph(text)).join('\n')}
</td></tr>
<tr><td style="padding:16px 4px 0">
<p class="muted" style="margin:0;font-size:13px;line-height:20px;color:${LIGHT.muted}">${e(content.automatic)}<br>
<a class="muted" href="${e(content.publicUrl)}" style="color:${LIGHT.muted}">${e(content.publicUrl)}</a>${links(content.links)}</p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}
