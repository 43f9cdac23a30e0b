import { pluralOf } from '../plural.ts'
import { waitOf } from '../wait.ts'

const plural = pluralOf('uk')

/** In the accusative, as after «через». */
export const wait = waitOf({
  seconds: (n) => plural(n, '# секунду', '# секунди', '# секунд'),
  minutes: (n) => plural(n, '# хвилину', '# хвилини', '# хвилин'),
  hours: (n) => plural(n, '# годину', '# години', '# годин')
})

export const soon = (seconds: number | undefined): string =>
  seconds === undefined ? 'Спробуйте ще раз трохи згодом.' : `Спробуйте ще раз через ${wait(seconds)}.`
