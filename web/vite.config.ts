import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compress } from './build/compress.ts'

export default defineConfig({
  plugins: [react(), tailwindcss(), compress()],
  // The repository also holds React 18 for tap's reporter, which hoisted packages would otherwise resolve.
  resolve: { dedupe: ['react', 'react-dom'] },
  // The server replaces this placeholder with a new nonce in every response.
  html: { cspNonce: '{{nonce}}' },
  build: {
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    // Never inline: data: URLs would require a weaker Content-Security-Policy for fonts.
    assetsInlineLimit: 0,
    reportCompressedSize: false
  }
})
