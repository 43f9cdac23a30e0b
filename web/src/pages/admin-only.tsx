import { lazy } from 'react'
import { Link } from 'react-router'
import { loadAdminWords, useSettingsWords, useWords } from '../i18n/index.ts'
import { useSession } from '../session/session.ts'
import { LINK } from '../ui/button.tsx'
import { ShieldIcon } from '../ui/icons.tsx'
import { Step } from '../ui/step.tsx'

// Loaded for admins only.
const AdminPages = lazy(async () => (await Promise.all([import('./admin/admin.tsx'), loadAdminWords()]))[0])

/** The server checks each call; this only spares others a page that could show them nothing. */
export default function AdminOnlyPage () {
  const session = useSession()
  if (session.status !== 'signed-in') return null
  return session.user.role === 'admin' ? <AdminPages user={session.user} /> : <NotForYou />
}

function NotForYou () {
  const { adminOnly } = useSettingsWords()
  const { dashboard } = useWords()
  return (
    <Step title={adminOnly.title} heading={adminOnly.heading} lead={adminOnly.lead} icon={<ShieldIcon className='size-7' />}>
      <p><Link to='/dashboard' className={LINK}>{dashboard.title}</Link></p>
    </Step>
  )
}
