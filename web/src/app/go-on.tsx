import { lazy, useEffect, useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { loadSettingsWords, useWords } from '../i18n/index.ts'
import { usePasskeyOffer } from '../session/passkey-offer.ts'
import { useSession } from '../session/session.ts'
import { LINK } from '../ui/button.tsx'
import { DoorIcon } from '../ui/icons.tsx'
import { Step, StepSkeleton } from '../ui/step.tsx'
import { destination } from './paths.ts'
import { serverConfig } from './server-config.ts'

const PasskeyOffer = lazy(async () => (await Promise.all([import('../pages/passkey-offer.tsx'), loadSettingsWords()]))[0])

const KEY = 'dvokrok.left'
/** An application that sends everybody back at once does so more often than a person can. */
const MOST = 3
const WITHIN_MS = 20_000

/** Where a signed-in person goes on to. */
export function GoOn () {
  const [search] = useSearchParams()
  const to = destination(search)
  return 'page' in to ? <Navigate to={to.page} replace /> : <OfferAndLeave to={to.away} />
}

/** The dashboard is not seen by who only comes by, so what it would offer stands on the way. */
function OfferAndLeave ({ to }: { to: string }) {
  const session = useSession()
  const { isOffered, close } = usePasskeyOffer(session.status === 'signed-in' ? session.user : null)
  if (isOffered === null) return <StepSkeleton />
  return isOffered ? <PasskeyOffer isPage onDone={close} /> : <Leave to={to} />
}

/** Leaves for the application; stays, with a link, when that only leads back here. */
export function Leave ({ to }: { to: string }) {
  const { leave, common } = useWords()
  const [isCircle] = useState(() => countLeaving() > MOST)
  useEffect(() => { if (!isCircle) location.replace(to) }, [isCircle, to])
  if (!isCircle) return <StepSkeleton />
  return (
    <Step title={leave.title} heading={leave.title} lead={leave.circle({ brand: serverConfig.brandName })} icon={<DoorIcon />}>
      <p><a href={to} className={LINK}>{common.continueTo({ brand: serverConfig.brandName })}</a></p>
    </Step>
  )
}

/** How often this tab has left lately. */
function countLeaving (): number {
  const at = Date.now()
  const times = (sessionStorage.getItem(KEY) ?? '').split(',').map(Number).filter((time) => at - time < WITHIN_MS)
  times.push(at)
  sessionStorage.setItem(KEY, times.join(','))
  return times.length
}
