import type { components } from '@dvokrok/client'
import { useSettingsWords } from '../../i18n/index.ts'
import { DateTime } from '../../ui/date-time.tsx'

type Activity = components['schemas']['Activity']

/** Events for which the factor is shown. */
const PROOFS = new Set<Activity['event']>(['login', 'reauthentication'])

interface Props extends Activity {
  /** Names of events that are said in another way to who does not read of themselves. */
  words?: Partial<Record<string, string>>
}

/** One event of an account's log. */
export function ActivityRow ({ event, result, times = 1, factor, device, ip, at, actor, words = {} }: Props) {
  const { activity } = useSettingsWords()
  const factors: Partial<Record<string, string>> = activity.factors
  const results: Partial<Record<string, string>> = activity.results
  const proof = PROOFS.has(event) ? factors[factor ?? ''] : undefined
  const by = actor === 'admin' ? activity.admin : actor === 'self' ? '' : actor
  const from = [device === '?' ? activity.unknownDevice : device, ip, by].filter(Boolean).join(' · ')
  return (
    <li className='flex flex-wrap items-baseline justify-between gap-x-6 px-4 py-3'>
      <div className='min-w-0'>
        <p className='font-medium'>{words[event] ?? activity.events[event]}{proof !== undefined && `: ${proof}`}</p>
        <p className='text-sm text-soft'>{from} · <DateTime at={at} /></p>
      </div>
      <p className={`text-sm font-medium ${result === 'ok' ? 'text-good' : 'text-bad'}`}>
        {results[result] ?? activity.refused}{times > 1 && ` · ${activity.times({ n: times })}`}
      </p>
    </li>
  )
}
