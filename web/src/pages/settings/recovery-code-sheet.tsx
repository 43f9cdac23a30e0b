import { useEffect, useRef } from 'react'
import { serverConfig } from '../../app/server-config.ts'
import { useSettingsWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { CopyButton } from './copy-button.tsx'

/** Shows the recovery codes, the only time they are visible. The print style prints nothing else. */
export function RecoveryCodeSheet ({ codes, email, onSaved }: { codes: string[], email: string, onSaved: () => void }) {
  const { recoveryCodes } = useSettingsWords()
  const heading = useRef<HTMLHeadingElement>(null)
  const lead = recoveryCodes.fileLead({ brand: serverConfig.brandName, email })
  const text = [lead, '', ...codes, ''].join('\n')
  useEffect(() => { heading.current?.focus() }, [])
  useEffect(() => warnOfLeaving(recoveryCodes.once), [recoveryCodes])

  const download = (): void => { saveFile('recovery-codes.txt', 'text/plain', text) }
  return (
    <div className='grid gap-4 rounded-2xl border border-line bg-field p-4'>
      <div className='sheet'>
        <h3 ref={heading} tabIndex={-1} className='font-semibold'>{recoveryCodes.heading}</h3>
        <p className='text-soft'>{recoveryCodes.once}</p>
        <p className='hidden print:block'>{lead}</p>
        <ol className='mt-3 grid gap-x-6 gap-y-1 font-mono sm:grid-cols-2'>
          {codes.map((code) => <li key={code}>{code}</li>)}
        </ol>
      </div>
      <div className='flex flex-wrap gap-3'>
        <CopyButton text={text} />
        <Button variant='quiet' onClick={download}>{recoveryCodes.download}</Button>
        <Button variant='quiet' onClick={() => { print() }}>{recoveryCodes.print}</Button>
      </div>
      <Button onClick={onSaved}>{recoveryCodes.saved}</Button>
    </div>
  )
}

/** Asks before the page is left, by the browser or by a link of ours. @returns what ends it */
function warnOfLeaving (sentence: string): () => void {
  const onUnload = (event: BeforeUnloadEvent): void => { event.preventDefault() }
  const onClick = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const isAway = link !== null && link.origin === location.origin && link.pathname !== location.pathname
    if (!isAway || confirm(sentence)) return
    event.preventDefault()
    event.stopPropagation()
  }
  addEventListener('beforeunload', onUnload)
  addEventListener('click', onClick, { capture: true })
  return () => {
    removeEventListener('beforeunload', onUnload)
    removeEventListener('click', onClick, { capture: true })
  }
}
