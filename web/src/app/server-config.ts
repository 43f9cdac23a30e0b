const { dataset } = document.documentElement

const parsed = <Shape>(json: string | undefined, fallback: Shape): Shape =>
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- The server wrote it.
  json ? JSON.parse(json) as Shape : fallback

/** Settings that the server writes into the HTML of every page. */
export const serverConfig = {
  /** Digits of a code sent by e-mail or SMS. */
  codeLength: Number(dataset['codeLength'] ?? 6),
  /** Minimum password length with a second step. */
  passwordMin: Number(dataset['passwordMin'] ?? 8),
  /** Minimum password length without a second step. */
  passwordMinAlone: Number(dataset['passwordMinAlone'] ?? 15),
  /** The second step cannot be switched off. */
  isTwoFactorRequired: dataset['twoFactorRequired'] === 'true',
  /** Codes can be sent by SMS. */
  isSmsOffered: dataset['smsOffered'] === 'true',
  /** Nobody signs up by themselves. */
  isInviteOnly: dataset['inviteOnly'] === 'true',
  /** What passkeys belong to. */
  passkeyDomain: dataset['passkeyDomain'] ?? '',
  /** The languages on offer: tag, name, short name, version of their texts. */
  locales: parsed<Array<[string, string, string, string]>>(dataset['locales'], []),
  /** Where the pages and the API begin; '' at the root. */
  basePath: dataset['basePath'] ?? '',
  brandName: dataset['brandName'] ?? '',
  /** Address of the logo; '' for our mark. */
  logo: dataset['logo'] ?? '',
  /** Width by height. */
  logoAspect: Number(dataset['logoAspect'] ?? 1),
  /** Where the application is; '' for nowhere. */
  appUrl: dataset['appUrl'] ?? '',
  /** `return_to` of the address that was loaded, as the server judged it; '' when it leads where nobody may be sent. */
  returnTo: dataset['returnTo'] ?? '',
  /** The browser sent a refresh cookie. */
  hasSession: dataset['hasSession'] === 'true',
  /** Addresses that the operator names; '' where there is none. */
  links: { support: dataset['support'] ?? '', terms: dataset['terms'] ?? '', privacy: dataset['privacy'] ?? '' },
  /** For `<style>` elements that libraries add. */
  nonce: document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
}
