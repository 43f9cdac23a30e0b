import type { Page } from 'playwright-core'
import { shaped } from '../../support/shapes.ts'
import { call } from './pages.ts'
import type { VirtualAuthenticator } from './virtual-authenticator.ts'

/** Adds a passkey by the API. @returns its id */
export async function addKey (page: Page, key: VirtualAuthenticator): Promise<string> {
  await key.touch(true)
  const { options } = await call(page, 'POST', '/users/me/passkeys/options', {})
  const response = await page.evaluate(async (options) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    const made = await navigator.credentials.create({ publicKey })
    return made instanceof PublicKeyCredential ? made.toJSON() : null
  }, shaped<PublicKeyCredentialCreationOptionsJSON>(options))
  const { id } = await call(page, 'POST', '/users/me/passkeys', { response })
  await key.touch(false)
  return String(id)
}

/** In the page: counts what the browser is asked for. */
export function countAsked (): void {
  // The empty page before the first one has none.
  if (!('credentials' in navigator)) return
  const get = navigator.credentials.get.bind(navigator.credentials)
  let asked = 0
  navigator.credentials.get = async (options) => {
    document.documentElement.dataset['asked'] = String(++asked)
    return await get(options)
  }
}

/** The address field offers passkeys by now. */
export const offered = async (page: Page, times = 1): Promise<void> => { await page.locator(`html[data-asked="${times}"]`).waitFor() }

export async function signOut (page: Page): Promise<void> {
  await page.goto('/logout')
  await page.locator('main button').click()
  await page.waitForURL('**/login')
}

/** In the page: a browser that knows no passkeys. */
export const withoutPasskeys = (): void => { Reflect.deleteProperty(window, 'PublicKeyCredential') }
