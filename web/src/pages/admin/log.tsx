import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { AnswerOf } from '@dvokrok/client'
import { client } from '../../client.ts'
import { useAdminWords, useSettingsWords } from '../../i18n/index.ts'
import { LINK } from '../../ui/button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { ADMIN, findAccount } from './api.ts'
import { Frame } from './frame.tsx'
import { Pages } from './pages.tsx'

type Entry = AnswerOf<'/admin/activity', 'get'>['items'][number]

export function LogPage () {
  const { log } = useAdminWords()
  const query = useInfiniteQuery({
    queryKey: [ADMIN, 'log'],
    queryFn: async ({ pageParam: cursor }) =>
      (await client.api.GET('/admin/activity', { params: { query: cursor === null ? {} : { cursor } } })).data,
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor
  })
  return (
    <Frame title={log.title} lead={log.lead}>
      <section className='card grid max-w-none gap-5' aria-label={log.title}>
        <Pages query={query} none={log.none}>{(entry, at) => <LogRow key={at} entry={entry} />}</Pages>
      </section>
    </Frame>
  )
}

function LogRow ({ entry: { at, actor, action, accountId, ip, device, reason } }: { entry: Entry }) {
  const { log, events } = useAdminWords()
  const { activity } = useSettingsWords()
  const words: Partial<Record<string, string>> = { ...activity.events, ...events }
  const from = [device === '?' ? activity.unknownDevice : device, ip].filter(Boolean).join(' · ')
  return (
    <li className='px-4 py-3'>
      <p className='font-medium'>{words[action]}</p>
      <Account id={accountId} />
      {reason !== undefined && <p>{log.reason({ reason })}</p>}
      <p className='text-sm text-soft'>
        {log.by[actor.kind]({ name: actor.name })}{from !== '' && actor.kind !== 'cli' && ` · ${from}`} · <DateTime at={at} />
      </p>
    </li>
  )
}

/** By name, which the log does not keep: it outlives the account. */
function Account ({ id }: { id: string }) {
  const { log } = useAdminWords()
  const { data } = useQuery({ queryKey: [ADMIN, 'account', id], queryFn: async () => await findAccount(id) })
  if (data === null) return <p>{log.account({ name: log.deleted })}</p>
  const name = data === undefined ? '…' : data.name === '' ? data.email : `${data.name} (${data.email})`
  return <p><Link to={`/admin/accounts/${id}`} className={`${LINK} inline! wrap-anywhere`}>{log.account({ name })}</Link></p>
}
