import { useSearchParams } from 'react-router'
import { useWords } from '../i18n/index.ts'
import { LINK } from '../ui/button.tsx'
import { returnAddress } from './paths.ts'
import { serverConfig } from './server-config.ts'

/** The way back to the application, where there is one. */
export function ContinueLink () {
  const { common } = useWords()
  const [search] = useSearchParams()
  const to = returnAddress(search) ?? serverConfig.appUrl
  return to === '' ? null : <p className='mt-2'><a href={to} className={LINK}>{common.continueTo({ brand: serverConfig.brandName })}</a></p>
}
