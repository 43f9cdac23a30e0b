import type { ReceivedMail } from '../platform/mail/local-mailbox.ts'
import { sentences, type Locale } from '../platform/locales/index.ts'
import { OUR_NAME } from '../platform/brand/brand.ts'
import { escapeHtml as e } from '../platform/escape-html.ts'

const MOST_SHOWN = 30
const CODE = /^\d{6,10}(?= )/

const STYLE = `
:root { color-scheme: light dark; --page: #f3f2fa; --card: #fff; --text: #1d1b2e; --muted: #5a586e; --accent: #4a2fd0; --line: #d9d6ea }
@media (prefers-color-scheme: dark) {
  :root { --page: #12111c; --card: #1c1b2a; --text: #f2f1fa; --muted: #b6b4ca; --accent: #b5a6ff; --line: #33314a }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25 }
.hint { margin: .5rem 0 1.5rem; color: var(--muted) }
.empty { padding: 2rem; border: 1px dashed var(--line); border-radius: 1rem; text-align: center; color: var(--muted) }
.mail { margin: 0 0 .75rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; overflow: hidden }
summary { padding: 1rem 1.25rem; cursor: pointer; border-radius: 1rem; overflow-wrap: anywhere }
summary:focus-visible { outline: 3px solid var(--accent); outline-offset: -3px }
.subject { font-weight: 600 }
.code { display: block; font: 700 2rem/1.3 ui-monospace, monospace; letter-spacing: .12em; color: var(--accent); user-select: all }
.facts { display: block; font-size: .875rem; color: var(--muted) }
iframe { display: block; width: 100%; height: 40rem; border: 0; border-top: 1px solid var(--line) }
.text { border-top: 1px solid var(--line) }
pre { margin: 0; padding: 0 1.25rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.5 ui-monospace, monospace }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }`

// New mails are added on top; what is open, selected or scrolled stays as it is. A frame is as tall as its mail.
const SCRIPT = `
const list = document.getElementById('mails')
const fit = (frame) => { const page = frame.contentDocument; if (page && page.body) frame.style.height = page.body.scrollHeight + 'px' }
document.querySelectorAll('iframe').forEach(fit)
document.addEventListener('load', (event) => { if (event.target.tagName === 'IFRAME') fit(event.target) }, true)
document.addEventListener('toggle', (event) => event.target.querySelectorAll('iframe').forEach(fit), true)
// A click on the code selects it for copying, and must not fold the mail.
document.addEventListener('click', (event) => { if (event.target.className === 'code') event.preventDefault() })
const look = async () => {
  if (!document.hidden) {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
      const fresh = [...page.querySelectorAll('.mail')].filter((mail) => !document.getElementById(mail.id))
      if (fresh.length > 0) {
        document.querySelectorAll('.empty').forEach((note) => note.remove())
        list.prepend(...fresh.map((mail) => document.importNode(mail, true)))
        document.getElementById('news').textContent = fresh[0].dataset.news
      }
    } catch {}
  }
  setTimeout(look, 2000)
}
setTimeout(look, 2000)`

interface PageOptions { locale: Locale, nonce: string, brandName?: string }

/** The page of the local mailbox: the newest 30 mails as their readers see them. `csp` is the policy that the page needs. */
export function renderMailboxPage (
  items: ReceivedMail[], { locale, nonce, brandName = OUR_NAME }: PageOptions
): { html: string, csp: string } {
  const { mailbox } = sentences(locale)
  const mails = items.slice(0, MOST_SHOWN).map((item, index) => mailOf(item, locale, index === 0)).join('\n')
  const html = `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${e(mailbox.title)} · ${e(brandName)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${e(mailbox.title)}</h1>
<p class="hint">${e(mailbox.hint)}</p>
<p id="news" class="hidden" role="status"></p>
<div id="mails">
${items.length === 0 ? `<p class="empty">${e(mailbox.empty)}</p>` : mails}
</div>
</main>
<script nonce="${e(nonce)}">${SCRIPT}</script>
</body>
</html>
`
  return { html, csp: policy(nonce) }
}

/** The policy also applies to the mails in frames. Mails have only inline styles, hence `'unsafe-inline'` for styles. */
const policy = (nonce: string): string => [
  "default-src 'none'",
  `script-src 'nonce-${nonce}'`,
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

function mailOf (item: ReceivedMail, locale: Locale, isOpen: boolean): string {
  const { mailbox, language } = sentences(locale)
  const [code] = CODE.exec(item.subject) ?? []
  const time = new Intl.DateTimeFormat(language.dates, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(item.receivedAt))
  // No scripts, forms or pop-ups. `allow-same-origin` lets the page measure the height of the mail.
  const frame = `<iframe sandbox="allow-same-origin" title="${e(item.subject)}" srcdoc="${e(item.html)}"></iframe>`
  const { id, subject } = item
  return `<details class="mail" id="mail-${e(id)}" data-news="${e(mailbox.arrived({ subject }))}"${isOpen ? ' open' : ''}>
<summary><span class="subject">${e(item.subject)}</span>${code ? ` <span class="code">${code}</span>` : ''}
<span class="facts">${e(mailbox.to)}: ${e(item.to)} · <time datetime="${e(item.receivedAt)}">${e(time)}</time></span></summary>
${item.html === '' ? '' : frame}
<details class="text"${item.html === '' ? ' open' : ''}><summary>${e(mailbox.textPart)}</summary><pre>${e(item.text)}</pre></details>
</details>`
}
