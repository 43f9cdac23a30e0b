import { Link } from 'react-router'
import { useWords } from '../i18n/index.ts'
import { LINK } from '../ui/button.tsx'
import { DoorIcon } from '../ui/icons.tsx'
import { Step } from '../ui/step.tsx'

export function NotFoundPage () {
  const { notFound } = useWords()
  return (
    <Step title={notFound.title} heading={notFound.heading} lead={notFound.lead} icon={<DoorIcon />}>
      <p><Link to='/' className={LINK}>{notFound.home}</Link></p>
    </Step>
  )
}
