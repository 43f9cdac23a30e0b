import { useQuery } from '@tanstack/react-query'
import { client } from '../../client.ts'
import { useSettingsWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { QueryResult } from './query-result.tsx'
import { focusSection, SettingsSection } from './section.tsx'
import { DeviceItem } from './device-item.tsx'
import { ignoreNotFound } from './ignore-not-found.ts'
import { useAccountChange } from './use-account-change.ts'

const ID = 'devices'

const listDevices = async () => (await client.api.GET('/users/me/devices')).data.items
type Device = Awaited<ReturnType<typeof listDevices>>[number]

/** The trusted browsers, which skip the second step. */
export function DevicesSection () {
  const { devices, headings } = useSettingsWords()
  const query = useQuery({ queryKey: [ID], queryFn: listDevices })
  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={devices.lead}>
      <QueryResult query={query}>
        {(items) => items.length === 0
          ? <p className='text-soft'>{devices.none}</p>
          : (
            <ul className='divide-y divide-line rounded-2xl border border-line'>
              {items.map((one) => <DeviceRow key={one.id} {...one} />)}
            </ul>
            )}
      </QueryResult>
    </SettingsSection>
  )
}

function DeviceRow ({ id, device, ip, current, lastSeenAt, expiresAt }: Device) {
  const { devices } = useSettingsWords()
  const end = useAccountChange(ID, async () => {
    await ignoreNotFound(client.api.DELETE('/users/me/devices/{id}', { params: { path: { id } } }))
    focusSection(ID)
    return devices.ended
  })
  return (
    <DeviceItem
      device={device} ip={ip} current={current && devices.current} times={[[devices.used, lastSeenAt], [devices.until, expiresAt]]}
    >
      <Button
        variant='quiet' pending={end.isPending && devices.ending} lockedUntil={end.lockedUntil} aria-label={devices.endOf({ device })}
        onClick={() => { end.run() }}
      >
        {devices.end}
      </Button>
      {end.problem && <ProblemNotice problem={end.problem} />}
    </DeviceItem>
  )
}
