/** The digits of what was typed or pasted: ` 123 456 `, `123-456`, `Код: 123456`, full-width ones. */
export const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '')

/** A recovery code without what comes along when it is copied; null when it cannot be one. */
export function recoveryCodeOf (text: string): string | null {
  const letters = text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '')
  return /^[a-z2-7]{16}$/i.test(letters) ? letters : null
}
