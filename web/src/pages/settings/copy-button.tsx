import { toast } from '../../app/toasts.tsx'
import { useSettingsWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'

export function CopyButton ({ text, label }: { text: string, label?: string }) {
  const { page } = useSettingsWords()
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      toast(page.copied)
    } catch {
      toast(page.copyFailed)
    }
  }
  return (
    <Button variant='quiet' onClick={() => { copy().catch(reportError) }} {...(label ? { 'aria-label': label } : {})}>{page.copy}</Button>
  )
}
