import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../client.ts'
import { ApiProblem } from '@dvokrok/client'
import { useSettingsWords, useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { ActivityRow } from './activity-row.tsx'
import { QueryResult } from './query-result.tsx'
import { SettingsSection } from './section.tsx'

const ID = 'activity'
/** Events shown at first; the rest is one click away. */
const FIRST_LOOK = 10

export function ActivitySection () {
  const { headings } = useSettingsWords()
  const { activity } = useSettingsWords()
  const { common } = useWords()
  const [isShort, setShort] = useState(true)
  const query = useInfiniteQuery({
    queryKey: [ID],
    queryFn: async ({ pageParam: cursor }) => {
      const query = cursor === null ? {} : { cursor }
      return (await client.api.GET('/users/me/activity', { params: { query } })).data
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
              <p role='status' className='sr-only'>{isShort ? '' : activity.moreCount({ n: shown.length })}</p>
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
