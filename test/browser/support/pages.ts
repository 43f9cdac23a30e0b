import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { shaped } from '../../support/shapes.ts'
import { type Person, person, type Product } from './product.ts'

/** Long, because two cores are shared with other tests; nothing waits so long when it works. */
const PATIENCE_MS = 30_000

export async function startBrowser (t: Test): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  t.teardown(async () => { await browser.close() })
  return browser
}

export interface Visitor { context: BrowserContext, page: Page, complaints: string[], open: () => Promise<Page> }

/** One person's browser. What goes wrong behind the scenes (errors, violations of the policy) is collected in `complaints`. */
export async function visit (t: Test, browser: Browser, product: Product, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: product.base, locale: 'en', viewport: { width: 1024, height: 900 }, ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  t.teardown(async () => { await context.close() })
  const complaints: string[] = []
  context.on('weberror', (error) => { complaints.push(String(error.error())) })
  context.on('console', (message) => {
    // The browser tells every refusal of the API as an error; that is no complaint about the page.
    if (['error', 'warning'].includes(message.type()) && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text())
    }
  })
  const open = async (): Promise<Page> => await context.newPage()
  return { context, page: await open(), complaints, open }
}

export const CODE = '[data-input-otp]'

/** Fills the sign-up form that is shown, and sends it. */
export async function sendSignUp (page: Page, who: Person): Promise<void> {
  await page.getByLabel('Your name').fill(who.name)
  await page.getByLabel('Email', { exact: true }).fill(who.email)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Create account' }).click()
}

/** Opens the sign-up form, fills it and waits for the code page. */
export async function askForAccount (page: Page, who: Person): Promise<void> {
  await page.goto('/register')
  await sendSignUp(page, who)
  await page.waitForURL('**/verify-otp?email=*')
  await page.locator(CODE).waitFor()
}

/** A person with an account, signed in on the dashboard. */
export async function signUp (product: Product, page: Page, who: Person = person()): Promise<Person> {
  await askForAccount(page, who)
  await page.locator(CODE).pressSequentially(await product.code(who.email))
  await page.waitForURL('**/dashboard')
  await page.getByRole('heading', { name: `Hello, ${who.name}` }).waitFor()
  return who
}

/** E-mail and password; the code page follows where a code is asked. */
export async function givePassword (page: Page, who: Person): Promise<void> {
  await page.getByLabel('Email', { exact: true }).fill(who.email)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Continue' }).click()
}

/** Password and mailed code, up to the page that was wanted. */
export async function signIn (product: Product, page: Page, who: Person, { trust = false } = {}): Promise<void> {
  const old = await product.code(who.email)
  await page.goto('/login')
  await givePassword(page, who)
  await page.locator(CODE).waitFor()
  if (trust) await page.getByLabel('Trust this device').check()
  await page.locator(CODE).pressSequentially(await product.code(who.email, old))
  await page.waitForURL('**/dashboard')
}

/** An admin who has signed in with a code, as the operator's command makes one. */
export async function signInAdmin (product: Product, page: Page, who: Person = person()): Promise<Person> {
  await signUp(product, page, who)
  await product.command('admin', 'grant', who.email)
  await page.context().clearCookies()
  await signIn(product, page, who)
  return who
}

/** A token of this browser's session, made anew. */
export async function tokenIn (page: Page): Promise<string> {
  const answer = await page.evaluate(async (): Promise<unknown> => await (await fetch('/auth/refresh', { method: 'POST' })).json())
  return shaped<{ accessToken: string }>(answer).accessToken
}

/** A call of the API with a token of this browser's session. */
export const call = async (page: Page, method: string, path: string, body?: object): Promise<Record<string, unknown>> =>
  shaped<Record<string, unknown>>(await page.evaluate(
    async ([method, path, body, token]): Promise<unknown> => {
      const answer = await fetch(path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {})
      })
      return await answer.json()
    },
    [method, path, body, await tokenIn(page)] as const
  ))

export const focusedName = async (page: Page): Promise<string | null> =>
  await page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.tagName ?? null)
export const alertText = async (page: Page): Promise<string> => await page.getByRole('alert').first().innerText()
