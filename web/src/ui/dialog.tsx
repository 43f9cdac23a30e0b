import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { Button } from './button.tsx'

interface Props { role?: 'dialog' | 'alertdialog', onClose: () => void, children: ReactNode }

/** A modal dialog, open while it is rendered. Returns the focus to the element that opened it. */
export function Dialog ({ role = 'dialog', onClose, children }: Props) {
  const [opener] = useState(() => document.activeElement)
  const { common } = useWords()
  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Portal>
        <Radix.Overlay className='fixed inset-0 z-10 grid items-center justify-items-center overflow-y-auto bg-black/55 py-6 xs:px-4'>
          <Radix.Content
            role={role} className='card rise relative' onPointerDownOutside={(event) => { event.preventDefault() }}
            onCloseAutoFocus={(event) => {
              event.preventDefault()
              if (opener instanceof HTMLElement) opener.focus()
            }}
          >
            {children}
            <Radix.Close
              className='absolute end-3 top-3 grid size-11 place-items-center rounded-full text-soft hover:text-ink'
              aria-label={common.close}
            >
              <span aria-hidden='true' className='text-2xl leading-none'>×</span>
            </Radix.Close>
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  )
}

export function DialogHeading ({ title, lead }: { title: string, lead?: ReactNode }) {
  return (
    <div className='mb-5 grid gap-2'>
      <Radix.Title className='pe-8 text-xl font-semibold tracking-tight'>{title}</Radix.Title>
      <Radix.Description className='text-soft'>{lead}</Radix.Description>
    </div>
  )
}

interface ConfirmProps {
  variant?: 'quiet' | 'danger'
  pending?: string | false
  lockedUntil?: number
  /** Question and consequences, shown in the dialog. */
  title: string
  lead: ReactNode
  confirm: string
  onConfirm: () => void
  children: ReactNode
  'aria-label'?: string
}

/** A button that asks for confirmation first. */
export function ConfirmButton ({ variant = 'quiet', title, lead, confirm, onConfirm, ...button }: ConfirmProps) {
  const { common } = useWords()
  const [isOpen, setOpen] = useState(false)
  const close = (): void => { setOpen(false) }
  return (
    <>
      <Button {...button} variant={variant} onClick={() => { setOpen(true) }} />
      {isOpen && (
        <Dialog role='alertdialog' onClose={close}>
          <DialogHeading title={title} lead={lead} />
          <div className='flex flex-wrap justify-end gap-3'>
            <Button variant='quiet' onClick={close} autoFocus>{common.cancel}</Button>
            <Button
              variant={variant === 'danger' ? 'danger' : 'primary'} className='min-h-11!' onClick={() => {
                close()
                onConfirm()
              }}
            >
              {confirm}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  )
}
