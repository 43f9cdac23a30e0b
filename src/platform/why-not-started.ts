import { dirname } from 'node:path'

/** What the system says of a failed start, as a sentence with the setting and the way out. */
export function whyNotStarted (error: Error): string {
  const { code, syscall, path, port, address } = factsOf(error)
  if (syscall === 'listen' || code === 'EADDRNOTAVAIL') {
    const where = `${String(address)}:${String(port)}`
    if (code === 'EADDRINUSE') {
      return `PORT ${String(port)} is in use at ${where} (EADDRINUSE). Stop what uses it, or set PORT to another one.`
    }
    if (code === 'EACCES') {
      return `PORT ${String(port)} needs rights that this process does not have (EACCES). Set PORT above 1023, and let a proxy answer on ` +
        'the well-known one.'
    }
    if (code === 'EADDRNOTAVAIL') {
      return `HOST ${String(address)} is no address of this machine (EADDRNOTAVAIL). Set HOST to one that it has.`
    }
  }
  if (code === 'ENOTFOUND' && syscall === 'getaddrinfo') return 'HOST has no address (ENOTFOUND). Set it to one of this machine.'
  if (typeof path === 'string' && (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')) {
    // The lock is the first thing that is written there.
    const what = /[\\/]lock\.\d+\.[^\\/]*$/.test(path) ? `DATA_DIR ${dirname(path)}` : path
    return `${what} is not for ${processUser()} to use (${code}). Give it to that user (chown), or set DATA_DIR to a folder of its own.`
  }
  if (typeof path === 'string' && code === 'ENOSPC') return `There is no space left for ${path} (ENOSPC). Free some, or move DATA_DIR.`
  if (typeof path === 'string' && (code === 'ENOTDIR' || code === 'EEXIST')) {
    return `DATA_DIR cannot be ${path}: there is a file of that name (${code}). Set it to a folder.`
  }
  return error.message
}

type Fact = 'code' | 'syscall' | 'path' | 'port' | 'address'
const factsOf = (error: object): Partial<Record<Fact, unknown>> => error

/** For sentences about rights. */
export const processUser = (): string => process.getuid ? `this process (uid ${process.getuid()})` : 'the user of this process'
