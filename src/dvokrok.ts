#!/usr/bin/env node
import { ownVersion } from './platform/version.ts'
import { COMMANDS, helpOf, overview, SERVE, VERSION } from './tools/cli/commands.ts'

/** `dvokrok COMMAND`: every command of an operator, the server among them. */
async function main (): Promise<void> {
  const given = process.argv.slice(2)
  if (given.length === 0 || given[0] === '--help' || given[0] === 'help') {
    process.stdout.write(overview())
    return
  }
  if (given[0] === '--version') given[0] = 'version'
  const command = [SERVE, ...COMMANDS, VERSION].find(({ words }) => words === given.slice(0, words.split(' ').length).join(' '))
  if (!command) {
    refuse(`There is no command “${given.slice(0, 2).join(' ')}”.\n\n${overview()}`)
    return
  }
  const args = given.slice(command.words.split(' ').length)
  if (!command.hasOwnHelp) {
    if (args.includes('--help')) {
      process.stdout.write(helpOf(command))
      return
    }
    if (args.length !== command.needs || args.some((arg) => arg.startsWith('-'))) {
      refuse(`dvokrok ${command.words} takes ${command.args || 'no arguments'}.\n\n${helpOf(command)}`)
      return
    }
  }
  if (command === VERSION) process.stdout.write(`dvokrok ${ownVersion()}, Node ${process.version}\n`)
  else if (command === SERVE) await import('./server.ts')
  else if (command.file !== undefined) {
    // Each reads what stands behind its own name.
    process.argv.splice(2, Infinity, ...args)
    await run(command.file)
  }
}

async function run (file: string): Promise<void> {
  // The build has other endings than the sources.
  await import(new URL(`./tools/cli/${file}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href)
}

function refuse (why: string): void {
  process.stderr.write(why)
  process.exitCode = 2
}

await main()
