import { CODE, deviceOf } from './world.js'

const AGENT = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0' }
const each = (from, to, make) => Array.from({ length: to - from }, (_, i) => make(from + i))

/** What a client sends, as autocannon takes it. */
export const me = (world, from, to, sessions = 1) => each(0, to - from, (i) => ({
  path: '/auth/me', headers: { ...AGENT, authorization: `Bearer ${world.accessToken(from + Math.floor(i / sessions), i % sessions)}` }
}))

export const refresh = (world, from, to, sessions = 1) => each(0, to - from, (i) => ({
  path: '/auth/refresh',
  method: 'POST',
  headers: {
    ...AGENT, cookie: `refresh=${world.refreshToken(from + Math.floor(i / sessions), 1, i % sessions)}`
  }
}))

export const verifyOtp = (world, from, to, series) => each(from, to, (n) => ({
  path: '/auth/verify-otp',
  method: 'POST',
  body: JSON.stringify({ otp: CODE }),
  headers: {
    ...AGENT, 'content-type': 'application/json', authorization: `Bearer ${world.pendingToken(n, series)}`, cookie: `device=${deviceOf(n)}`
  }
}))

const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** What another service asks about the same tokens. */
export const introspect = (world, key, from, to) => each(from, to, (n) => ({
  path: '/auth/introspect', method: 'POST', body: `token=${world.accessToken(n)}`, headers: { ...form, authorization: `Bearer ${key}` }
}))

/** Each another change, in turn by these people. */
export const renames = (world, people, count) => each(0, count, (i) => ({
  path: '/users/me',
  method: 'PATCH',
  body: JSON.stringify({ name: `Olena ${i}` }),
  headers: { ...AGENT, 'content-type': 'application/json', authorization: `Bearer ${world.accessToken(i % people)}` }
}))

export const login = (email, password) => ({
  path: '/auth/login', method: 'POST', body: JSON.stringify({ email, password }), headers: { ...AGENT, 'content-type': 'application/json' }
})
