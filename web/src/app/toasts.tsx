import { useEffect, useSyncExternalStore } from 'react'
import { useWords } from '../i18n/index.ts'
import { CheckIcon } from '../ui/icons.tsx'

const LIFE_MS = 6000
const TOAST = 'rise pointer-events-auto flex items-center gap-3 rounded-full border border-line bg-card py-2 ps-4 pe-2 ' +
  'font-medium text-good shadow-card'

let current: { text: string, at: number } | null = null
const listeners = new Set<() => void>()

/** Shows a success message at the foot of the current page and the next one; `null` hides it. */
export function toast (text: string | null): void {
  current = text === null ? null : { text, at: Date.now() }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): () => void => {
  listeners.add(listener)
  return () => { listeners.delete(listener) }
}

export function Toasts () {
  const { common } = useWords()
  const shown = useSyncExternalStore(subscribe, () => current)
  useEffect(() => {
    if (!shown) return
    const timer = setTimeout(() => { toast(null) }, LIFE_MS)
    return () => { clearTimeout(timer) }
  }, [shown])
  return (
    <div role='status' aria-live='polite' className='pointer-events-none fixed inset-x-0 bottom-3 z-20 grid justify-items-center px-3'>
      {shown && (
        <p className={TOAST}>
          <CheckIcon className='size-5 shrink-0' />{shown.text}
          <button
            type='button' className='grid size-9 place-items-center rounded-full text-soft hover:text-ink' aria-label={common.close}
            onClick={() => { toast(null) }}
          >
            <span aria-hidden='true' className='text-xl leading-none'>×</span>
          </button>
        </p>
      )}
    </div>
  )
}
