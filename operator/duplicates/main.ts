/**
 * `npm run duplicates -- COMMAND`: finds accounts that share an email address, reports what could be done about them, and
 * does what the operator approved.
 * @module
 */
import { AccountLinkingError } from '../../core/errors'

const USAGE = `npm run duplicates -- COMMAND [--out DIR] [--env FILE]

  scan [--file FILE]... [--partial] [--csv]   finds the addresses that several accounts have
  scan --forget                               removes what was read of the tenant
  report [--csv]                              says what was found
  show KEY | USER_ID [--show-addresses]       shows one group
  plan --rule FILE [--show-addresses]         names the pairs that a rule would link
  plan --rights                               reads what they hold, and decides again
  ask [--plan] [--mail]                       lets people be asked at their next login
  apply --plan-id ID [--limit N] [--dry-run]  links what was approved
  apply --plan-id ID --queue                  has the service's workers link it
  undo [--pair USER_ID]                       takes back what apply did, newest first
  status [--json]                             counts by state, calls used, time left

docs/duplicates.md says what each command does.`

/** A command. It gets the arguments after its name, and returns the exit status. */
type Command = (args: string[]) => Promise<number>

/** The commands by name. Each is loaded only if it is run. */
export const COMMANDS: Record<string, () => Promise<Command>> = {
  scan: async () => (await import('./scan')).scan,
  report: async () => (await import('./report')).report,
  show: async () => (await import('./show')).show,
  plan: async () => (await import('./plan')).plan,
  ask: async () => (await import('./ask')).ask,
  apply: async () => (await import('./apply')).apply,
  status: async () => (await import('./status')).status,
  undo: async () => (await import('./undo')).undo,
}

/** The exit status if the command could not run. */
const COULD_NOT_RUN = 3

/**
 * Runs a command.
 *
 * @param args - The arguments after the program's name.
 * @returns The exit status: 0 done, 1 some pairs were refused, 2 stopped, 3 could not run.
 */
export async function main([name = '', ...args]: string[]): Promise<number> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    console.error(USAGE)
    return COULD_NOT_RUN
  }
  try {
    const command = await load()
    return await command(args)
  } catch (error) {
    if (!(error instanceof AccountLinkingError)) throw error
    console.error(`${error.code}: ${error.message}`)
    return COULD_NOT_RUN
  }
}
