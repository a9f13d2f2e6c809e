/**
 * `npm run duplicates -- COMMAND`: finds accounts of one person, says what could be done about them, and does what the operator
 * approved.
 * @module
 */
import { DuplicatesError } from './error'

const USAGE = `npm run duplicates -- COMMAND [--out DIR]

docs/duplicates.md says what each command does.`

/** A command. It gets the arguments behind its name, and gives the exit status. */
type Command = (args: string[]) => Promise<number>

/** The commands, loaded only if they are run. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  apply: async () => (await import('./apply')).apply,
  status: async () => (await import('./status')).status,
  undo: async () => (await import('./undo')).undo,
}

/** Nothing was done. */
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
    if (!(error instanceof DuplicatesError)) throw error
    console.error(`${error.code}: ${error.message}`)
    return COULD_NOT_RUN
  }
}
