import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compress } from './build/compress.ts'

export default defineConfig({
  plugins: [react(), tailwindcss(), compress()],
  // Beside this React 19 the repository holds a React 18 for tap's reporter, and hoisted packages would find that one.
  resolve: { dedupe: ['react', 'react-dom'] },
  // The server writes a fresh nonce over it in every answer.
  html: { cspNonce: '{{nonce}}' },
  build: {
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    // Never inline: a data: address would need a hole in the policy for fonts.
    assetsInlineLimit: 0,
    reportCompressedSize: false
  }
})
