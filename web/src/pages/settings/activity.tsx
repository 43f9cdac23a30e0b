import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bodyOf, authenticatedApi } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import type { Activity } from '../../i18n/event-words.ts'
import { useProfileWords } from '../../i18n/profile.ts'
import { useSettingsWords } from '../../i18n/settings.ts'
import { useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { QueryResult } from './query-result.tsx'
import { SettingsSection } from './section.tsx'

const ID = 'activity'
/** Events shown at first; the rest is one click away. */
const FIRST_LOOK = 10
/** Events for which the factor is shown. */
const PROOFS = new Set<Activity['event']>(['login', 'reauthentication'])

export function ActivitySection () {
  const { headings } = useSettingsWords()
  const { activity } = useProfileWords()
  const { common } = useWords()
  const [isShort, setShort] = useState(true)
  const query = useInfiniteQuery({
    queryKey: [ID],
    queryFn: async ({ pageParam: cursor }) => {
      const query = cursor === null ? {} : { cursor }
      return await bodyOf(authenticatedApi.GET('/users/me/activity', { params: { query } }))
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor
  })
  const { error, isFetchingNextPage, isFetchNextPageError, hasNextPage, fetchNextPage } = query

  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={activity.lead}>
      <QueryResult query={query}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items)
          const shown = isShort ? all.slice(0, FIRST_LOOK) : all
          return (
            <>
              <ul className='divide-y divide-line rounded-2xl border border-line'>
                {shown.map((one) => <ActivityRow key={one.id} {...one} />)}
              </ul>
              {isFetchNextPageError && error instanceof ApiProblem && <ProblemNotice problem={error} />}
              <p role='status' className='sr-only'>{isShort ? '' : activity.moreCount(shown.length)}</p>
              {(shown.length < all.length || hasNextPage) && (
                <div>
                  <Button
                    variant='quiet' pending={isFetchingNextPage && common.loading} onClick={() => {
                      if (isShort) setShort(false)
                      else fetchNextPage().catch(reportError)
                    }}
                  >
                    {activity.more}
                  </Button>
                </div>
              )}
            </>
          )
        }}
      </QueryResult>
    </SettingsSection>
  )
}

function ActivityRow ({ event, result, factor, device, ip, at, actor }: Activity) {
  const { activity } = useProfileWords()
  const factors: Partial<Record<string, string>> = activity.factors
  const results: Partial<Record<string, string>> = activity.results
  const proof = PROOFS.has(event) ? factors[factor ?? ''] : undefined
  const from = [device === '?' ? activity.unknownDevice : device, ip, actor === 'admin' ? activity.admin : ''].filter(Boolean).join(' · ')
  return (
    <li className='flex flex-wrap items-baseline justify-between gap-x-6 px-4 py-3'>
      <div className='min-w-0'>
        <p className='font-medium'>{activity.events[event]}{proof !== undefined && `: ${proof}`}</p>
        <p className='text-sm text-soft'>{from} · <DateTime at={at} /></p>
      </div>
      <p className={`text-sm font-medium ${result === 'ok' ? 'text-good' : 'text-bad'}`}>{results[result] ?? activity.refused}</p>
    </li>
  )
}
