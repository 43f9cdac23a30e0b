/** Keeps cookies where no browser does. A jar of tough-cookie is one. */
export interface CookieJar {
  getCookieString: (url: string) => string | Promise<string>
  setCookie: (cookie: string, url: string) => unknown
}

/** Cookies of one server, in memory. All of them are for the whole site and until Max-Age. */
export function createJar (): CookieJar {
  const cookies = new Map<string, { value: string, until: number }>()
  return {
    getCookieString: () => {
      const living = [...cookies].filter(([, { until }]) => until > Date.now())
      return living.map(([name, { value }]) => `${name}=${value}`).join('; ')
    },
    setCookie: (cookie) => {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? []
      const maxAge = /;\s*max-age=(-?\d+)/i.exec(cookie)?.[1]
      cookies.set(name, { value, until: maxAge === undefined ? Infinity : Date.now() + Number(maxAge) * 1000 })
    }
  }
}
