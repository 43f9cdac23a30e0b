import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { useAdminWords } from '../../i18n/index.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ADMIN, type AdminUser } from './api.ts'
import { Badges } from './badges.tsx'
import { type Filter, queryOf, useFilter } from './filter.ts'
import { Frame } from './frame.tsx'
import { Invite } from './invite.tsx'
import { Pages } from './pages.tsx'
import { useOwnRoles } from './roles-context.ts'
import { Select } from './select.tsx'

/** Long enough for the next letter. */
const PAUSE_MS = 200

export function AccountsPage ({ user }: { user: User }) {
  const { list } = useAdminWords()
  const [filter, setFilter] = useFilter()
  const [typed, setTyped] = useState(filter.q)
  const [isInUse, setInUse] = useState(false)
  const narrow = (change: Partial<Filter>): void => {
    setInUse(true)
    setFilter({ ...filter, ...change })
  }
  useEffect(() => {
    if (typed === filter.q) return
    const timer = setTimeout(() => { narrow({ q: typed }) }, PAUSE_MS)
    return () => { clearTimeout(timer) }
  }, [typed])
  // Cleared, or opened anew.
  useEffect(() => { if (filter.isEmpty) setTyped('') }, [filter.isEmpty])
  const show = (q: string): void => {
    setTyped(q)
    narrow({ q, status: '', role: '' })
  }
  return (
    <Frame title={list.title} lead={list.lead} keepsFocus={isInUse}>
      <section className='card grid max-w-none gap-5' aria-label={list.title}>
        <div className='grid items-start gap-4 sm:grid-cols-[1fr_auto] sm:gap-6'>
          <Field
            label={list.search} name='q' type='search' autoComplete='off' autoCapitalize='none' spellCheck={false} maxLength={254}
            enterKeyHint='search' value={typed} hint={list.searchHint} onChange={({ target }) => { setTyped(target.value) }}
          />
          <div className='sm:mt-7.5'><Invite onTaken={show} /></div>
        </div>
        <Filters filter={filter} onChoose={narrow} />
        <Accounts filter={filter} me={user.id} onClear={() => { show('') }} />
      </section>
    </Frame>
  )
}

function Filters ({ filter, onChoose }: { filter: Filter, onChoose: (change: Partial<Filter>) => void }) {
  const { list, status, role } = useAdminWords()
  const own = useOwnRoles()
  return (
    <div className='grid gap-4 sm:grid-cols-2'>
      <Select
        label={list.status} name='status' value={filter.status} onChoose={(status) => { onChoose({ status }) }}
        options={[['', list.anyStatus], ['active', status.active], ['disabled', status.disabled], ['invited', status.invited]]}
      />
      <Select
        label={list.role} name='role' value={filter.role} onChoose={(role) => { onChoose({ role }) }}
        options={[['', list.anyRole], ['admin', role.admin], ...own.map((one): [string, string] => [one, one])]}
      />
    </div>
  )
}

function Accounts ({ filter, me, onClear }: { filter: Filter, me: string, onClear: () => void }) {
  const { list } = useAdminWords()
  const query = useInfiniteQuery({
    queryKey: [ADMIN, 'accounts', filter.q, filter.status, filter.role],
    queryFn: async ({ pageParam: cursor, signal }) =>
      (await client.api.GET('/admin/users', { params: { query: queryOf(filter, cursor) }, signal })).data,
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // While one types, what was found stays until the next answer.
    placeholderData: keepPreviousData
  })
  return (
    <Pages
      query={query} none={<>{list.noneHint} <LinkButton onClick={onClear}>{list.clear}</LinkButton></>} head={(first, shown) => {
        const total = first?.total ?? (query.hasNextPage ? null : shown)
        return (
          <>
            {first?.total === null && filter.isEmpty && <Notice kind='info'>{list.notCounted}</Notice>}
            <p role='status' className='font-medium'>
              {total === null ? list.soFar({ n: shown }) : total === 0 ? list.none : list.total({ n: total })}
            </p>
          </>
        )
      }}
    >
      {(one) => <AccountRow key={one.id} user={one} isSelf={one.id === me} />}
    </Pages>
  )
}

function AccountRow ({ user, isSelf }: { user: AdminUser, isSelf: boolean }) {
  const { list } = useAdminWords()
  return (
    <li>
      <Link
        to={`/admin/accounts/${user.id}`}
        className='flex flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-3 -outline-offset-3! hover:bg-tint'
      >
        <span className='min-w-0'>
          <span className='block font-medium wrap-anywhere'>{user.name === '' ? list.noName : user.name}</span>
          <span className='block text-sm text-soft wrap-anywhere'>{user.email}</span>
        </span>
        <span className='flex flex-wrap items-center gap-2 text-sm text-soft'>
          <Badges user={user} isSelf={isSelf} /><DateTime at={user.createdAt} />
        </span>
      </Link>
    </li>
  )
}
