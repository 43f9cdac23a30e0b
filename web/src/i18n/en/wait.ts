import { pluralOf } from '../plural.ts'
import { waitOf } from '../wait.ts'

const plural = pluralOf('en')

export const wait = waitOf({
  seconds: (n) => plural(n, '# second', '# seconds'),
  minutes: (n) => plural(n, '# minute', '# minutes'),
  hours: (n) => plural(n, '# hour', '# hours')
})

export const soon = (seconds: number | undefined): string =>
  seconds === undefined ? 'Try again in a little while.' : `Try again in ${wait(seconds)}.`
