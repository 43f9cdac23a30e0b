import { pluralOf } from '../plural.ts'
import { waitOf } from '../wait.ts'

const plural = pluralOf('ru')

/** In the accusative, as after «через». */
export const wait = waitOf({
  seconds: (n) => plural(n, '# секунду', '# секунды', '# секунд'),
  minutes: (n) => plural(n, '# минуту', '# минуты', '# минут'),
  hours: (n) => plural(n, '# час', '# часа', '# часов')
})

export const soon = (seconds: number | undefined): string =>
  seconds === undefined ? 'Попробуйте ещё раз немного позже.' : `Попробуйте ещё раз через ${wait(seconds)}.`
