/** The plural rules of one language: picks the form for a number and replaces `#` with the number. */
export type Plural = (n: number, one: string, second: string, many?: string) => string

export function pluralOf (language: string): Plural {
  const rules = new Intl.PluralRules(language)
  return (n, one, second, many = second) => {
    const rule = rules.select(n)
    return (rule === 'one' ? one : rule === 'few' ? second : many).replaceAll('#', String(n))
  }
}
