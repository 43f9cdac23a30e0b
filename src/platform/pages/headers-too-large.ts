import { createHash } from 'node:crypto'
import { type Locale, sentences } from '../locales/index.ts'

const STYLE = 'body{max-width:34rem;margin:12vh auto;padding:0 1.25rem;font:1.0625rem/1.6 system-ui,sans-serif;color-scheme:light dark}' +
  'h1{font-size:1.5rem;line-height:1.25}small{opacity:.7}'

/** The policy of the page: it loads nothing and runs nothing. */
export const HEADERS_TOO_LARGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Says what to clear to a person whose browser sends too many cookies. Whole in itself: with the same cookies, scripts and styles would be
 * refused too.
 */
export function headersTooLargePage ({ locale, publicUrl, requestId }: { locale: Locale, publicUrl: string, requestId: string }): string {
  const { shell, problems } = sentences(locale)
  const { title } = problems.HEADERS_TOO_LARGE
  return `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${STYLE}</style>
<h1>${title}</h1>
<p>${shell.cookiesHelp({ host: new URL(publicUrl).hostname })}</p>
<p><small>${shell.requestId}: ${requestId}</small></p>
</html>
`
}
