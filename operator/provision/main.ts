/**
 * `npm run provision`: sets a tenant up for account linking, rolls the last `apply` back, or rotates the shared secret.
 * @module
 */
import { parseArgs } from 'node:util'
import { OperatorError } from '../shared/operator-error'
import { Terminal } from '../shared/terminal'
import { runApply } from './run-apply'
import { runRollback } from './run-rollback'
import { runRotate } from './run-rotate'
import { openSession } from './session'

const USAGE = `npm run provision -- COMMAND [--yes] [--env FILE] [--vercel]

  plan       says what apply would change
  apply      sets the tenant up, and writes the service's environment
  rollback   undoes the last apply
  rotate     changes the shared secret, one step at a time

  --yes      asks nothing and takes everything from the environment
  --env      the service's environment; .env.local by default
  --vercel   also writes a file for each variable, for vercel env add

docs/provision.md says what you need.`

const COMMANDS = { plan: runApply, apply: runApply, rollback: runRollback, rotate: runRotate }

/**
 * Runs one command.
 *
 * @param args - The arguments after the program's name.
 * @returns Whether the command succeeded.
 */
export async function main(args: string[]): Promise<boolean> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      yes: { type: 'boolean', default: false },
      env: { type: 'string', default: '.env.local' },
      vercel: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return true
  }
  const [command = '', ...rest] = positionals
  if (!isCommand(command) || rest.length > 0) {
    console.error(USAGE)
    return false
  }
  const terminal = new Terminal(!values.yes && Boolean(process.stdin.isTTY && process.stdout.isTTY))
  try {
    terminal.begin(`Account linking: ${command}`)
    const session = await openSession(terminal, values.env, values.vercel)
    await COMMANDS[command](session, command === 'plan' ? 'plan' : values.yes ? 'unasked' : 'ask')
    return true
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    terminal.fail(`${error.code}: ${error.message}`)
    return false
  }
}

const isCommand = (name: string): name is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, name)
