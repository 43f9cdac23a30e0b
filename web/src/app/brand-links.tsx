import { useWords } from '../i18n/index.ts'
import { LINK } from '../ui/button.tsx'
import { serverConfig } from './server-config.ts'

const LINKS = ['support', 'terms', 'privacy'] as const

/** Help, terms and privacy, as far as the operator names them. In a tab of their own: what was typed here stays. */
export function BrandLinks () {
  const { links } = useWords().common
  const named = LINKS.filter((link) => serverConfig.links[link] !== '')
  if (named.length === 0) return null
  return (
    <footer>
      <nav aria-label={links.label} className='foot text-sm'>
        {named.map((link) => (
          <a key={link} href={serverConfig.links[link]} target='_blank' rel='noreferrer' className={LINK}>{links[link]}</a>
        ))}
      </nav>
    </footer>
  )
}
