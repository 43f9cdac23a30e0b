import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem } from '@dvokrok/client'
import { useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'

/** Renders the data of a query, a skeleton while it loads, or an error with a retry button. */
export function QueryResult<Data> ({ query, children }: { query: UseQueryResult<Data>, children: (data: Data) => ReactNode }) {
  const { common } = useWords()
  const { data, error, isFetching, refetch } = query
  if (data !== undefined) return children(data)
  if (error === null) return <div role='status'><span className='sr-only'>{common.loading}</span><i className='skeleton' /></div>
  return (
    <>
      <ProblemNotice problem={error instanceof ApiProblem ? error : new ApiProblem('INTERNAL')} />
      <Button variant='quiet' pending={isFetching && common.loading} onClick={() => { refetch().catch(reportError) }}>
        {common.tryAgain}
      </Button>
    </>
  )
}
