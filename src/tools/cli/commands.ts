import { SCOPES } from '../../records/service-keys/service-key.ts'

export interface Command {
  /** What stands after `dvokrok`. */
  words: string
  /** The file beside this one that does it; `serve` and `version` have none. */
  file?: string
  summary: string
  /** What stands behind the words. */
  args: string
  /** How many of them must be given. */
  needs: number
  /** Explains its arguments itself. */
  hasOwnHelp?: true
  /** Further lines of the help. */
  details?: string[]
  examples: string[]
  exitCodes: string
}

const DONE = '0 done, 1 it could not be done, 2 wrong arguments'

export const RESTORE: Command = {
  words: 'restore',
  file: 'restore',
  summary: 'puts a backup into the Redis of these settings, or into DATA_DIR; everybody signs in again',
  args: '[--check] [--force WHERE] SOURCE...',
  needs: 1,
  hasOwnHelp: true,
  details: [
    'SOURCE is a snapshot (dump.rdb), a folder with an append-only log of Redis, or the address of a Redis that was started on a copy of',
    'either. A Cluster has one for each master. Files are read by the redis-server of this machine, in its temporary folder.',
    '',
    '  --check        only looks whether it can be read and opened with SECRET; changes nothing',
    '  --force WHERE  replaces accounts that are there; WHERE is host:port or the folder, as the refusal names it'
  ],
  examples: ['dvokrok restore --check backup.rdb', 'dvokrok restore backup.rdb', 'dvokrok restore /var/lib/redis/appendonlydir'],
  exitCodes: DONE
}

export const SERVICE_KEY: Command = {
  words: 'service-key',
  file: 'service-key',
  summary: 'makes, lists and removes the keys with which other services call the API',
  args: 'add NAME SCOPE,... | list | remove ID',
  needs: 1,
  hasOwnHelp: true,
  details: [
    `Scopes: ${SCOPES.join(', ')}. The key is printed once; only its hash is kept.`,
    'A removed key is refused at its next request.'
  ],
  examples: [
    'dvokrok service-key add shop users:read,events:read', 'dvokrok service-key list', 'dvokrok service-key remove 5f0c3a9e1b7d2468'
  ],
  exitCodes: DONE
}

export const IMPORT: Command = {
  words: 'accounts import',
  file: 'accounts-import',
  summary: 'reads accounts from JSON lines; goes on where it was interrupted',
  args: '[--invite] FILE',
  needs: 1,
  hasOwnHelp: true,
  details: [
    'A line without a passwordHash makes an account that waits for its owner. With --invite each such owner is mailed a link, once.'
  ],
  examples: ['dvokrok accounts import accounts.jsonl', 'dvokrok accounts import --invite people.jsonl'],
  exitCodes: '0 done, 1 it could not be done, 2 done but some lines were refused, or wrong arguments'
}

/** All but `serve` and `version`. */
export const COMMANDS: Command[] = [
  {
    words: 'doctor',
    file: 'doctor',
    summary: 'examines a running deployment and its neighbours',
    args: '[options]',
    needs: 0,
    hasOwnHelp: true,
    examples: ['dvokrok doctor', 'dvokrok doctor --url https://id.example.org --json'],
    exitCodes: '0 nothing failed, 1 something failed, 2 it could not be run'
  },
  {
    words: 'check-config',
    file: 'check-config',
    summary: 'tells every mistake in the settings at once, without starting anything',
    args: '',
    needs: 0,
    examples: ['dvokrok check-config', 'NODE_ENV=production dvokrok check-config'],
    exitCodes: '0 the server can start with these settings (there may be warnings), 1 it cannot, 2 wrong arguments'
  },
  IMPORT,
  {
    words: 'accounts export',
    file: 'accounts-export',
    summary: 'writes all accounts as JSON lines; never overwrites a file',
    args: 'FILE',
    needs: 1,
    examples: ['dvokrok accounts export accounts.jsonl'],
    exitCodes: DONE
  },
  {
    words: 'accounts index',
    file: 'accounts-index',
    summary: 'builds anew by what admins find accounts; beside running servers',
    args: '',
    needs: 0,
    examples: ['dvokrok accounts index'],
    exitCodes: DONE
  },
  {
    words: 'backup',
    file: 'backup',
    summary: 'writes a consistent copy of all data, beside running servers; never overwrites a file',
    args: 'FILE',
    needs: 1,
    details: ['Redis must let the user of REDIS_URL copy everything (ACL: +replconf +sync). A Cluster gets FILE.1, FILE.2 and so on.'],
    examples: ['dvokrok backup backup.rdb', 'REDIS_URL=redis://admin:password@host:6379 dvokrok backup backup.rdb'],
    exitCodes: DONE
  },
  RESTORE,
  {
    words: 'admin grant',
    file: 'admin-grant',
    summary: 'makes the owner of a confirmed account an admin',
    args: 'ADDRESS',
    needs: 1,
    examples: ['dvokrok admin grant olena@example.org'],
    exitCodes: DONE
  },
  {
    words: 'keys new',
    file: 'keys-new',
    summary: 'makes a key that signs access tokens',
    args: '[options]',
    needs: 0,
    hasOwnHelp: true,
    examples: ['(umask 077; dvokrok keys new > signing-keys.json)', 'dvokrok keys new --add signing-keys.json'],
    exitCodes: DONE
  },
  SERVICE_KEY,
  {
    words: 'webhook secret',
    file: 'webhook-secret',
    summary: 'prints the key with which the receiver of OTP_WEBHOOK_URL verifies our signature',
    args: '',
    needs: 0,
    examples: ['dvokrok webhook secret'],
    exitCodes: DONE
  }
]

export const SERVE: Command = {
  words: 'serve',
  summary: 'runs the server until SIGTERM or Ctrl-C',
  args: '',
  needs: 0,
  examples: ['dvokrok serve', 'PORT=4000 dvokrok serve'],
  exitCodes: '0 stopped when asked to, 1 it could not start or crashed, 2 wrong arguments'
}

export const VERSION: Command = {
  words: 'version',
  summary: 'prints the version of Dvokrok and of Node',
  args: '',
  needs: 0,
  examples: ['dvokrok version'],
  exitCodes: '0'
}

export function overview (): string {
  const all = [SERVE, ...COMMANDS, VERSION]
  const width = Math.max(...all.map(({ words, args }) => `${words} ${args}`.length))
  return [
    'dvokrok COMMAND [arguments]', '',
    ...all.map(({ words, args, summary }) => `  ${`${words} ${args}`.padEnd(width)}  ${summary}`), '',
    'Each takes --help. Settings come from the environment and from .env in this folder.', ''
  ].join('\n')
}

export const helpOf = ({ words, args, summary, details, examples, exitCodes }: Command): string => [
  `dvokrok ${words} ${args}`.trim(), '', `${summary[0]?.toUpperCase()}${summary.slice(1)}.`, '',
  ...details === undefined ? [] : [...details, ''], 'Examples:',
  ...examples.map((line) => `  ${line}`), '', `Exit code: ${exitCodes}.`, ''
].join('\n')
