import type { MailContent } from './content.ts'

/** The text part: says everything the HTML part says. */
export function textLayout (content: MailContent): string {
  const { words, source } = content
  const lines = [
    ...(content.code ? [words.lead] : [words.heading]),
    '',
    content.greeting,
    '',
    ...words.body.flatMap((paragraph) => [paragraph, '']),
    ...(content.code ? [`${content.code.lifetime} ${content.code.tellNobody}`, ''] : []),
    ...(content.action ? [`${content.action.label}:`, content.action.url, ''] : []),
    `${source.heading}:`,
    ...source.rows.map(([label, value]) => `  ${label}: ${value}`),
    '',
    ...words.advice.flatMap((paragraph) => [paragraph, '']),
    ...(content.place ? [`${content.place.label}:`, content.place.url, ''] : []),
    // The usual mark of a signature, with the space that mail programs look for.
    '-- ',
    content.look.name,
    content.publicUrl,
    ...content.links.map(([label, url]) => `${label}: ${url.replace(/^mailto:/, '')}`),
    content.automatic
  ]
  return lines.join('\n') + '\n'
}
