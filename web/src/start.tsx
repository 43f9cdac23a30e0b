import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { crash } from './app/crash.ts'
import { serverConfig } from './app/server-config.ts'
import { servedLocale, showLocale } from './i18n/index.ts'

export async function start (): Promise<void> {
  // Libraries that inject styles read the CSP nonce from this global.
  Object.assign(globalThis, { __webpack_nonce__: serverConfig.nonce })
  await showLocale(servedLocale())
  const root = document.getElementById('root')
  // After an uncaught error nothing of the tree is left; a part that could not be loaded is one.
  if (root) createRoot(root, { onUncaughtError: crash }).render(<StrictMode><App /></StrictMode>)
}
