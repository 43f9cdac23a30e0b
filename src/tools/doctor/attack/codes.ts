import { createInterface } from 'node:readline/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Asker, fieldsOf, objectsIn } from '../http.ts'

/** A source of mailed codes. */
export interface Codes {
  /** The code of the newest mail to this address that was not returned before. */
  next: (address: string, what: string) => Promise<string>
  close: () => void
}

const CODE = /(?<!\d)\d{6,10}(?!\d)/
const POLL_MS = 100
const MAIL_WITHIN_MS = 30_000

/** Reads the local mailbox of a development server; null where there is none. */
export async function mailboxCodes ({ ask }: Asker, signal: AbortSignal): Promise<Codes | null> {
  if ((await ask('/mailbox/messages')).status !== 200) return null
  const seen = new Set<string>()
  return {
    next: async (address) => {
      for (let waited = 0; waited < MAIL_WITHIN_MS; waited += POLL_MS) {
        const { items } = fieldsOf(await ask(`/mailbox/messages?to=${encodeURIComponent(address)}`))
        for (const { id, subject } of objectsIn(items)) {
          const [code] = CODE.exec(String(subject)) ?? []
          if (code !== undefined && !seen.has(String(id))) {
            seen.add(String(id))
            return code
          }
        }
        await sleep(POLL_MS, undefined, { signal })
      }
      throw new Error(`no mail with a code arrived for ${address}`)
    },
    close: () => {}
  }
}

/** Asks the operator, who reads the mails. The question goes to stderr, apart from the report. */
export function askedCodes (signal: AbortSignal): Codes {
  const reader = createInterface({ input: process.stdin })
  const lines = reader[Symbol.asyncIterator]()
  return {
    next: async (address, what) => {
      process.stderr.write(`The code for the ${what} of ${address}: `)
      const stopped = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => { reject(new Error('stopped')) }, { once: true })
      })
      const line: IteratorResult<string, undefined> = await Promise.race([lines.next(), stopped])
      const code = CODE.exec(line.value?.replace(/\s/g, '') ?? '')?.[0]
      if (code === undefined) throw new Error('no code was entered')
      return code
    },
    close: () => { reader.close() }
  }
}
