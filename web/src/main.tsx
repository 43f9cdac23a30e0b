import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { serverConfig } from './app/server-config.ts'
import { servedLocale, showLocale } from './i18n/index.ts'
import './ui/app.css'

// Libraries that inject styles read the CSP nonce from this global.
Object.assign(globalThis, { __webpack_nonce__: serverConfig.nonce })

await showLocale(servedLocale())
const root = document.getElementById('root')
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>)
