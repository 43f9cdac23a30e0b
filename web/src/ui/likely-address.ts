/** Where most mailboxes are. */
const USUAL = [
  'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'yahoo.com', 'icloud.com', 'proton.me', 'protonmail.com',
  'ukr.net', 'meta.ua', 'bigmir.net', 'mail.ru', 'yandex.ru', 'rambler.ru'
]
/** One letter away from one of these, and meant as they stand. */
const REAL = new Set(['mail.com', 'ymail.com', 'email.com', 'mail.ua', 'gmail.ru', 'love.com'])

/** What somebody who typed this address probably meant; null when it is as likely as any. */
export function likelyAddress (typed: string): string | null {
  const [, name, domain = ''] = /^\s*([^\s@]+)@([^\s@]+\.[^\s@]+)\s*$/.exec(typed.toLowerCase()) ?? []
  if (name === undefined || USUAL.includes(domain) || REAL.has(domain)) return null
  const meant = USUAL.find((usual) => isOneSlip(domain, usual))
  return meant === undefined ? null : `${typed.trim().split('@')[0]}@${meant}`
}

/** One letter too many, too few or wrong, or two that changed places. */
function isOneSlip (typed: string, meant: string): boolean {
  let start = 0
  while (start < typed.length && typed[start] === meant[start]) start++
  const most = Math.min(typed.length, meant.length) - start
  let end = 0
  while (end < most && typed.at(-1 - end) === meant.at(-1 - end)) end++
  const [was, is] = [typed, meant].map((word) => word.slice(start, word.length - end))
  if (was === undefined || is === undefined) return false
  return (was.length <= 1 && is.length <= 1) || (was.length === 2 && is.length === 2 && was[0] === is[1] && was[1] === is[0])
}
