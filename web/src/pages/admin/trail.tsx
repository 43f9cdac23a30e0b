import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { client } from '../../client.ts'
import { useAdminWords, useSettingsWords } from '../../i18n/index.ts'
import { ActivityRow } from '../settings/activity-row.tsx'
import { DeviceItem } from '../settings/device-item.tsx'
import { QueryResult } from '../settings/query-result.tsx'
import { SettingsSection } from '../settings/section.tsx'
import { ADMIN } from './api.ts'
import { Pages } from './pages.tsx'

export function SessionsSection ({ id }: { id: string }) {
  const { sessions } = useAdminWords()
  const words = useSettingsWords()
  const query = useQuery({
    queryKey: [ADMIN, 'sessions', id],
    queryFn: async () => (await client.api.GET('/admin/users/{id}/sessions', { params: { path: { id } } })).data.items
  })
  return (
    <SettingsSection id='sessions' heading={sessions.heading} lead={sessions.lead}>
      <QueryResult query={query}>
        {(items) => items.length === 0
          ? <p className='text-soft'>{sessions.none}</p>
          : (
            <ul className='divide-y divide-line rounded-2xl border border-line'>
              {items.map((one) => (
                <DeviceItem
                  key={one.id} device={one.device === '?' ? words.activity.unknownDevice : one.device} ip={one.ip} current={false}
                  times={[[words.sessions.since, one.createdAt], [words.sessions.seen, one.lastSeenAt]]}
                />
              ))}
            </ul>
            )}
      </QueryResult>
    </SettingsSection>
  )
}

export function ActivitySection ({ id }: { id: string }) {
  const { activity, events } = useAdminWords()
  const query = useInfiniteQuery({
    queryKey: [ADMIN, 'activity', id],
    queryFn: async ({ pageParam: cursor }) => {
      const query = cursor === null ? {} : { cursor }
      return (await client.api.GET('/admin/users/{id}/activity', { params: { path: { id }, query } })).data
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor
  })
  return (
    <SettingsSection id='activity' heading={activity.heading} lead={activity.lead}>
      <Pages query={query} none={activity.none}>{(one) => <ActivityRow key={one.id} {...one} words={events} />}</Pages>
    </SettingsSection>
  )
}
