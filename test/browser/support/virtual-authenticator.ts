import type { CDPSession, Page } from 'playwright-core'

interface Options {
  /** A passkey of this device, or a security key. */
  transport?: 'internal' | 'usb'
  canVerifyUser?: boolean
  isUserVerified?: boolean
  /** Whether its keys are synced. */
  isSynced?: boolean
}

export interface VirtualAuthenticator {
  /** Answers at once from now on, or waits for a touch that never comes. */
  touch: (isTouched: boolean) => Promise<void>
  verifyUser: (isUserVerified: boolean) => Promise<void>
  /** The ids of its credentials, and what they are called. */
  credentials: () => Promise<Array<{ id: string, userName?: string }>>
  /** Resolves at the next of these events. */
  heard: (event: 'credentialAsserted' | 'credentialDeleted' | 'credentialUpdated') => Promise<void>
}

const sessions = new WeakMap<Page, CDPSession>()

async function sessionOf (page: Page): Promise<CDPSession> {
  const known = sessions.get(page)
  if (known) return known
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  sessions.set(page, session)
  return session
}

/** Chromium's own software authenticator, plugged into one page. It waits until it is told to `touch`. */
export async function plugIn (page: Page, options: Options = {}): Promise<VirtualAuthenticator> {
  const { transport = 'internal', canVerifyUser = true, isUserVerified = true, isSynced = transport === 'internal' } = options
  const session = await sessionOf(page)
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      // A plain security key keeps nothing.
      hasResidentKey: canVerifyUser,
      hasUserVerification: canVerifyUser,
      isUserVerified,
      automaticPresenceSimulation: false,
      defaultBackupEligibility: isSynced,
      defaultBackupState: isSynced
    }
  })
  return {
    touch: async (enabled) => { await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }) },
    verifyUser: async (verified) => { await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: verified }) },
    credentials: async () => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
      return credentials.map(({ credentialId, userName }) => ({
        id: Buffer.from(credentialId, 'base64').toString('base64url'), ...(userName === undefined ? {} : { userName })
      }))
    },
    heard: async (event) => {
      await new Promise<void>((resolve) => { session.once(`WebAuthn.${event}`, () => { resolve() }) })
    }
  }
}
