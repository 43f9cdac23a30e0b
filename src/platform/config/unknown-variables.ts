import { distance } from 'fastest-levenshtein'
import { type Environment, schema } from './variables.ts'

const OURS = Object.keys(schema.properties)

/** Warns of each variable that is none of ours and looks like one: what it was meant to set is not set. */
export const findLookalikes = (env: Environment): string[] => Object.keys(env).filter((name) => env[name]).flatMap((name) => {
  const meant = meantBy(name)
  return meant === undefined ? [] : [`${name} is not a setting. Did you mean ${meant}? Rename it, or remove it.`]
})

function meantBy (name: string): string | undefined {
  if (OURS.includes(name)) return undefined
  const plain = name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  const base = plain.replace(/_FILE$/, '')
  // Short names are near to those of everybody else, such as HOME and HOST.
  const most = plain.length < 6 ? 1 : 2
  return OURS.find((ours) => ours === plain || ours === base) ??
    OURS.map((ours) => ({ ours, letters: distance(ours, plain) })).filter(({ letters }) => letters <= most)
      .toSorted((one, other) => one.letters - other.letters)[0]?.ours
}

/** What Node reads when it starts, before there is a `.env`. */
export const findLateNodeVariables = (file: Environment): string[] => Object.keys(file)
  .filter((name) => /^NODE_(?!ENV$)/.test(name) && file[name])
  .map((name) => `${name} stands in .env, where it does nothing: Node reads it before. Set it in the environment of the process` +
    (name === 'NODE_EXTRA_CA_CERTS' ? ', or use REDIS_CA_FILE and SMTP_CA_FILE.' : '.'))
