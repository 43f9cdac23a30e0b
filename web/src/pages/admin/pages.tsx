import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem } from '@dvokrok/client'
import { useAdminWords, useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { QueryResult } from '../settings/query-result.tsx'

interface Page { items: unknown[], nextCursor: string | null }
interface Props<One extends Page> {
  query: UseInfiniteQueryResult<InfiniteData<One>>
  /** Where there is nothing at all. */
  none: ReactNode
  /** Above the list: what the first page says of it, and how many are shown. */
  head?: (first: One | undefined, shown: number) => ReactNode
  children: (item: One['items'][number], at: number) => ReactNode
}

/** A list that grows page by page. */
export function Pages<One extends Page> ({ query, none, head, children }: Props<One>) {
  const { list } = useAdminWords()
  const { common } = useWords()
  const { error, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  return (
    <QueryResult query={query}>
      {({ pages }) => {
        const items = pages.flatMap(({ items }) => items)
        return (
          <>
            {head?.(pages[0], items.length)}
            {items.length === 0 && !hasNextPage && <p className='text-soft'>{none}</p>}
            {items.length > 0 && (
              <ul className='divide-y divide-line overflow-hidden rounded-2xl border border-line'>{items.map(children)}</ul>
            )}
            {isFetchNextPageError && error instanceof ApiProblem && <ProblemNotice problem={error} />}
            {hasNextPage && (
              <div>
                <Button
                  variant='quiet' pending={isFetchingNextPage && common.loading} onClick={() => { fetchNextPage().catch(reportError) }}
                >
                  {list.more}
                </Button>
              </div>
            )}
          </>
        )
      }}
    </QueryResult>
  )
}
