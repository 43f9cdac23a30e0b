import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compress } from './build/compress.ts'

export default defineConfig({
  // Files find each other, wherever the server puts them.
  base: './',
  plugins: [react(), tailwindcss(), compress()],
  resolve: {
    alias: {
      // From its source, so that nothing has to be built before.
      '@dvokrok/client': fileURLToPath(new URL('../packages/client/src/index.ts', import.meta.url)),
      // The server parses the sentences.
      '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js'
    },
    // The repository also holds React 18 for tap's reporter, which hoisted packages would otherwise resolve.
    dedupe: ['react', 'react-dom']
  },
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
