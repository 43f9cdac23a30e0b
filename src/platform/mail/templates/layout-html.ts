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
    .accent { color: ${accent.dark} !important; border-color: ${accent.dark} !important; }
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

// Outlook on Windows knows no padding of a link: there the cell has it.
const button = ({ label, url }: NonNullable<MailContent['action']>, { accent }: MailLook): string =>
  '<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 24px"><tr>' +
  `<td class="accent" style="border:2px solid ${accent.light};border-radius:12px;mso-padding-alt:12px 24px">` +
  `<a class="accent" href="${e(url)}" style="display:inline-block;padding:12px 24px;mso-padding-alt:0;font-size:16px;line-height:24px;` +
  `font-weight:700;text-decoration:none;color:${accent.light}">${e(label)}</a></td></tr></table>`

const placeLink = ({ label, url }: NonNullable<MailContent['place']>, { accent }: MailLook): string =>
  `<p style="${paragraphStyle}"><a class="accent" href="${e(url)}" style="font-weight:600;color:${accent.light}">${e(label)}</a></p>`

const links = (list: MailContent['links']): string => list.length === 0
  ? ''
  : `<br>\n${list.map(([label, url]) => `<a class="muted" href="${e(url)}" style="color:${LIGHT.muted}">${e(label)}</a>`).join(' · ')}`

// Outlook on Windows draws with Word, which knows no largest width, and takes Times where the first font of a list is missing.
const OUTLOOK_FONT = '<!--[if mso]><style>body, table, td, p, a, h1, h2, span { font-family: "Segoe UI", Arial, sans-serif !important }' +
  '</style><![endif]-->'
const OUTLOOK_WIDTH = '<!--[if mso]><table role="presentation" width="520" align="center" cellpadding="0" cellspacing="0" border="0"><tr>' +
  '<td align="left"><![endif]-->'
const HIDDEN = 'display:none;mso-hide:all;max-height:0;overflow:hidden'
const OUTLOOK_END = '<!--[if mso]></td></tr></table><![endif]-->'

/** The HTML part: no image, font or script, and no links but those to our own pages and to what the operator names. */
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
${OUTLOOK_FONT}
</head>
<body class="page" style="margin:0;padding:0;background-color:${LIGHT.page}">
<div style="${HIDDEN}">${e(content.code ? `${words.lead}. ${content.code.lifetime}` : words.lead)}</div>
<table ${layoutTable} class="page" style="background-color:${LIGHT.page};font-family:${FONT}">
<tr><td align="center" style="padding:24px 12px">
${OUTLOOK_WIDTH}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px;text-align:left">
<tr><td class="accent" style="${brandStyle};color:${look.accent.light}">${e(look.name)}</td></tr>
<tr><td class="card" style="background-color:${LIGHT.card};border-radius:20px;padding:32px">
<h1 class="text" style="margin:0 0 16px;font-size:24px;line-height:32px;font-weight:700;color:${LIGHT.text}">${e(words.heading)}</h1>
${paragraph(content.greeting)}
${words.body.map((text) => paragraph(text)).join('\n')}
${content.code ? codeFrame(content.code, look) : ''}${content.action ? button(content.action, look) : ''}
<div class="line" style="margin:8px 0 20px;border-top:1px solid ${LIGHT.line}"></div>
${sourceTable(content.source)}
${words.advice.map((text) => paragraph(text)).join('\n')}
${content.place ? placeLink(content.place, look) : ''}
</td></tr>
<tr><td style="padding:16px 4px 0">
<p class="muted" style="margin:0;font-size:13px;line-height:20px;color:${LIGHT.muted}">${e(content.automatic)}<br>
<a class="muted" href="${e(content.publicUrl)}" style="color:${LIGHT.muted}">${e(content.publicUrl)}</a>${links(content.links)}</p>
</td></tr>
</table>
${OUTLOOK_END}
</td></tr>
</table>
</body>
</html>
`
}
