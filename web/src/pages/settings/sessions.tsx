import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { client } from '../../client.ts'
import { useSettingsWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { useAction } from '../../ui/use-action.ts'
import { QueryResult } from './query-result.tsx'
import { focusSection, SettingsSection } from './section.tsx'
import { DeviceItem } from './device-item.tsx'
import { ignoreNotFound } from './ignore-not-found.ts'
import { useAccountChange } from './use-account-change.ts'

const ID = 'sessions'

const listSessions = async () => (await client.api.GET('/users/me/sessions')).data.items
type Session = Awaited<ReturnType<typeof listSessions>>[number]

/** The sessions of the account. */
export function SessionsSection () {
  const { sessions, headings } = useSettingsWords()
  const query = useQuery({ queryKey: [ID], queryFn: listSessions })
  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={sessions.lead}>
      <QueryResult query={query}>
        {(items) => (
          <>
            <ul className='divide-y divide-line rounded-2xl border border-line'>
              {items.map((one) => <SessionRow key={one.id} {...one} />)}
            </ul>
            {items.length > 1 && <Others count={items.length - 1} />}
          </>
        )}
      </QueryResult>
    </SettingsSection>
  )
}

function SessionRow ({ id, device, ip, current, createdAt, lastSeenAt, amr }: Session) {
  const { sessions } = useSettingsWords()
  const leave = useAction('sign-out', client.logout)
  const end = useAccountChange(ID, async () => {
    await ignoreNotFound(client.api.DELETE('/users/me/sessions/{sid}', { params: { path: { sid: id } } }))
    focusSection(ID)
    return sessions.ended
  })
  const problem = leave.problem ?? end.problem
  const proof = amr.includes('pop') ? 'pop' : amr.includes('otp') ? 'otp' : amr.includes('device') ? 'device' : 'pwd'
  return (
    <DeviceItem
      device={device} ip={ip} note={sessions.amr[proof]} current={current && sessions.current}
      times={[[sessions.since, createdAt], [sessions.seen, lastSeenAt]]}
    >
      {current
        ? (
          <Button variant='quiet' pending={leave.isPending && sessions.signingOut} onClick={() => { leave.run() }}>
            {sessions.signOut}
          </Button>
          )
        : (
          <Button
            variant='quiet' pending={end.isPending && sessions.ending} lockedUntil={end.lockedUntil} aria-label={sessions.endOf({ device })}
            onClick={() => { end.run() }}
          >
            {sessions.end}
          </Button>
          )}
      {problem && <ProblemNotice problem={problem} />}
    </DeviceItem>
  )
}

function Others ({ count }: { count: number }) {
  const { sessions } = useSettingsWords()
  const trustId = useId()
  const [endsTrust, setEndsTrust] = useState(true)
  const end = useAccountChange('other-sessions', async () => {
    await client.api.DELETE('/users/me/sessions', { body: { keepTrustedDevices: !endsTrust } })
    focusSection(ID)
    return sessions.othersDone
  })
  return (
    <div className='grid gap-3 justify-items-start'>
      {end.problem && <ProblemNotice problem={end.problem} />}
      <div className='flex gap-3'>
        <input
          id={trustId} type='checkbox' className='mt-0.5 size-5 shrink-0 accent-accent' checked={endsTrust}
          onChange={({ target }) => { setEndsTrust(target.checked) }}
        />
        <label htmlFor={trustId}>{sessions.othersTrust}</label>
      </div>
      <ConfirmButton
        variant='danger' pending={end.isPending && sessions.ending} lockedUntil={end.lockedUntil}
        title={sessions.othersTitle} lead={sessions.othersLead({ n: count })} confirm={sessions.others} onConfirm={() => { end.run() }}
      >
        {sessions.others}
      </ConfirmButton>
    </div>
  )
}
