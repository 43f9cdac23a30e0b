export interface Command {
  /** The words after `dvokrok`, and the file beside this one that does it. */
  words: string
  file: string
  summary: string
  /** What stands behind the words. */
  args: string
  /** How many of them must be given. */
  needs: number
  /** Explains its arguments itself. */
  hasOwnHelp?: true
  examples: string[]
  exitCodes: string
}

const DONE = '0 done, 1 it could not be done, 2 wrong arguments'

/** All but `serve` and `version`, which need no file here. */
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
  {
    words: 'accounts import',
    file: 'accounts-import',
    summary: 'reads accounts from JSON lines; goes on where it was interrupted',
    args: 'FILE',
    needs: 1,
    examples: ['dvokrok accounts import accounts.jsonl'],
    exitCodes: '0 done, 1 it could not be done, 2 done but some lines were refused, or wrong arguments'
  },
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

export const SERVE: Omit<Command, 'file'> = {
  words: 'serve',
  summary: 'runs the server until SIGTERM or Ctrl-C',
  args: '',
  needs: 0,
  examples: ['dvokrok serve', 'PORT=4000 dvokrok serve'],
  exitCodes: '0 stopped when asked to, 1 it could not start or crashed, 2 wrong arguments'
}

export const VERSION: Omit<Command, 'file'> = {
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

export const helpOf = ({ words, args, summary, examples, exitCodes }: Omit<Command, 'file'>): string => [
  `dvokrok ${words} ${args}`.trim(), '', `${summary[0]?.toUpperCase()}${summary.slice(1)}.`, '', 'Examples:',
  ...examples.map((line) => `  ${line}`), '', `Exit code: ${exitCodes}.`, ''
].join('\n')
