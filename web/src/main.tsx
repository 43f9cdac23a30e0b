import { crash, requireStorage } from './app/crash.ts'
import './ui/app.css'

// This script imports nothing else at once, so whatever of the rest cannot be loaded or set up is told.
async function main (): Promise<void> {
  requireStorage()
  const { start } = await import('./start.tsx')
  await start()
}

main().catch(crash)
