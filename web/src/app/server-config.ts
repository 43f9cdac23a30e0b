const { dataset } = document.documentElement

/** What the server says about itself in the shell of every page. */
export const serverConfig = {
  /** Digits of a mailed or sent code. */
  codeLength: Number(dataset['codeLength'] ?? 6),
  /** Shortest password beside a second step. */
  passwordMin: Number(dataset['passwordMin'] ?? 8),
  /** Shortest password that stands alone. */
  passwordMinAlone: Number(dataset['passwordMinAlone'] ?? 15),
  /** Nobody may switch the second step off. */
  isTwoFactorRequired: dataset['twoFactorRequired'] === 'true',
  /** A phone can be sent codes. */
  isSmsOffered: dataset['smsOffered'] === 'true',
  /** For styles that a library adds. */
  nonce: document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
}
