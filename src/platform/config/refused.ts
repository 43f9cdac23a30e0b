/** A setting that cannot be used. The message is the sentence the operator reads: it names the variable and the way out. */
export class SettingRefused extends Error {}

/** Splits a comma-separated setting and drops what is empty. */
export const listOf = (value: string | undefined): string[] =>
  (value ?? '').split(',').map((item) => item.trim()).filter((item) => item !== '')

/** Runs a parser. One that refuses its value is recorded, and `fallback` is used, so that the other settings are still checked. */
export type Attempt = <T>(parse: () => T, fallback: T) => T
