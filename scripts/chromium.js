// Finds a Chromium for browser tests and screenshots; on a bare Debian (root, apt-get) it installs one.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium'
]

/** Path of a Chromium, or null after saying what to do. */
export function findChromium () {
  const found = look()
  if (found) return found
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
  if (mayInstall) {
    console.log('No Chromium here: installing the package chromium.')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'inherit', env })
  }
  const installed = look()
  if (!installed) {
    console.error('Cannot go on without a Chromium. Install one (Debian: apt-get install chromium; macOS: brew install --cask chromium), ' +
      'or set CHROMIUM to the path of one.')
  }
  return installed
}

function look () {
  const { CHROMIUM } = process.env
  return [...(CHROMIUM ? [CHROMIUM] : PLACES)].find((path) => existsSync(path)) ?? null
}
