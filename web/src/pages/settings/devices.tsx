import { useQuery } from '@tanstack/react-query'
import { bodyOf, signed } from '../../api/client.ts'
import { useSettingsWords } from '../../i18n/settings.ts'
import { Button } from '../../ui/button.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { Loaded } from './loaded.tsx'
import { focusSection, SettingsSection } from './section.tsx'
import { Seen } from './seen.tsx'
import { unlessGone } from './unless-gone.ts'
import { useChange } from './use-change.ts'

const ID = 'devices'

const listDevices = async () => (await bodyOf(signed.GET('/users/me/devices'))).items
type Device = Awaited<ReturnType<typeof listDevices>>[number]

/** The browsers that are asked for no code. */
export function DevicesSection () {
  const { devices, headings } = useSettingsWords()
  const query = useQuery({ queryKey: [ID], queryFn: listDevices })
  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={devices.lead}>
      <Loaded query={query}>
        {(items) => items.length === 0
          ? <p className='text-soft'>{devices.none}</p>
          : <ul className='divide-y divide-line rounded-2xl border border-line'>{items.map((one) => <DeviceRow key={one.id} {...one} />)}</ul>}
      </Loaded>
    </SettingsSection>
  )
}

function DeviceRow ({ id, device, ip, current, lastSeenAt, expiresAt }: Device) {
  const { devices } = useSettingsWords()
  const end = useChange(ID, async () => {
    await unlessGone(bodyOf(signed.DELETE('/users/me/devices/{id}', { params: { path: { id } } })))
    focusSection(ID)
    return devices.ended
  })
  return (
    <Seen device={device} ip={ip} current={current && devices.current} times={[[devices.used, lastSeenAt], [devices.until, expiresAt]]}>
      <Button look='quiet' pending={end.isPending && devices.ending} lockedUntil={end.lockedUntil} aria-label={devices.endOf(device)} onClick={() => { end.run() }}>{devices.end}</Button>
      {end.problem && <ProblemNotice problem={end.problem} />}
    </Seen>
  )
}
