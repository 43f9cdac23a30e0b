/** Where a request came from, as far as we can tell; both come from outside and are cleaned before they are shown. */
export interface MailClient {
  /** Such as `Firefox on Linux`; empty when it is not known. */
  device: string
  ip: string
}

interface Source {
  client: MailClient
  /** When it happened, in milliseconds since 1970; the moment of writing if it is left out. */
  at?: number
}

/** A notice to the owner of a confirmed account. */
interface Notice extends Source {
  name: string
  /** Of our page where a reader who did not do it puts an end to it; not in mails that warn of nothing. */
  path?: string
}

interface Code extends Source {
  /** Plain digits. */
  code: string
  /** What is left of the code's life, rounded up. */
  ttlMinutes: number
}

/** A link that only this mailbox gets. */
interface LinkMail extends Source {
  /** On PUBLIC_URL; what is secret in it stands behind `#`, so that no server, proxy or log sees it. */
  path: string
}

/** Every mail the product sends, and what it has to know. A new mail is one line here, and its sentences under `mails.`. */
export interface MailFacts {
  /** Goes to an address nobody has proven yet: whatever name the stranger typed is no part of it. */
  signUpCode: Code
  loginCode: Code & { name: string }
  /** Before a change that asks for a recent proof. */
  reauthCode: Code & { name: string }
  /** Somebody tried to sign up with an address that has an account. */
  accountExists: Notice
  /** A refresh token was used after its successor. */
  refreshTheft: Notice
  /** Right password, then only wrong codes until the attempt was dead. */
  wrongCodes: Notice
  newDevice: Notice
  /** A trusted device's token was used after its successor. */
  trustedDeviceReused: Notice
  /** Only to an address that has an account. */
  resetCode: Code & { name: string }
  passwordChanged: Notice
  passwordReset: Notice
  twoFactorOn: Notice
  twoFactorOff: Notice
  emailCodeOn: Notice
  emailCodeOff: Notice
  /** To the new address: nobody has proven it yet, so the account's name is no part of it. */
  emailChangeCode: Code
  /** To the old address. */
  emailChangeRequested: Notice
  emailChanged: Notice
  accountDeleted: Notice
  /** Somebody who looks after accounts has made one for the reader. */
  invitation: LinkMail & { name: string }
  /** To an address that somebody else has set: nobody has proven it yet, so the account's name is no part of it. */
  emailChangeLink: LinkMail
  phoneOn: Notice
  phoneOff: Notice
  roleChanged: Notice
  accountDisabled: Notice
  accountEnabled: Notice
  locksLifted: Notice
  passkeyAdded: Notice
  passkeyRemoved: Notice
  /** A key of one device whose counter went back. */
  passkeyCloned: Notice
  factorsReset: Notice
  totpOn: Notice
  totpOff: Notice
  recoveryCodesNew: Notice
  /** `left`: how many there still are. */
  recoveryCodeUsed: Notice & { left: number }
  /** Right passwords, then wrong codes until none is judged any more, over however many attempts. */
  codesLocked: Notice
}

export type MailKind = keyof MailFacts

export type MailMessage<Kind extends MailKind = MailKind> = { [K in Kind]: { kind: K } & MailFacts[K] }[Kind]

/** What one mail says, without layout: plain text, still to be escaped. */
export interface MailWords {
  subject: string
  heading: string
  /** First line of the text part and the preview in the list of mails. */
  lead: string
  body: string[]
  /** What stands on the button, where there is a link. */
  action?: string
  /** What to do, above all if it was not the reader. */
  advice: string[]
}

/** One sentence with a code, for a channel that carries no mail. Every kind has its words in each language. */
export interface ShortMessage {
  /** `loginCode`: the second step. `phoneCode`: proves a number. */
  kind: 'loginCode' | 'phoneCode'
  code: string
  /** What is left of the code's life, rounded up. */
  ttlMinutes: number
}
