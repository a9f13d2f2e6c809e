import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { main as doctor } from '@/operator/doctor/main'
import { COMMANDS as DUPLICATES } from '@/operator/duplicates/main'
import { readTailArguments } from '@/operator/events/arguments'
import { parseFlags } from '@/operator/migrate/main'
import { main as provision } from '@/operator/provision/main'
import { parseOptions } from '@/scripts/lib/options.mjs'
import { main as attack } from '../campaigns/attack/main'
import { main as bench } from '../campaigns/bench/bench'
import { main as chaos } from '../campaigns/chaos/chaos'
import { commandsOf, documents } from '../support/operator/documented-commands'
import { PLACES } from './commands'

const pages = documents()
const commands = [...new Set(pages.flatMap(({ text }) => commandsOf(text)))]

describe('the table of commands in documents', () => {
  it('has exactly one row for every command', () => {
    const places = commands.map((command) => ({
      command,
      files: PLACES.filter((place) => place.commands.test(command)).map(({ file }) => file),
    }))
    expect(commands.length).toBeGreaterThan(60)
    expect(places.filter(({ files }) => files.length !== 1)).toEqual([])
  })

  it('has no row for a command that is in no document', () => {
    const left = PLACES.filter((place) => !commands.some((command) => place.commands.test(command)))
    expect(left.map((place) => place.commands)).toEqual([])
  })

  it('names files that contain the words of its rows', () => {
    const lost = PLACES.flatMap(({ file, words }) => {
      const text = readFileSync(file, 'utf8')
      return words.filter((word) => !text.includes(word)).map((word) => `${file}: ${word}`)
    })
    expect(lost).toEqual([])
  })

  it('misses no command: documents have no other kinds of code blocks than these', () => {
    const languages = pages.flatMap(({ text }) =>
      [...text.matchAll(/^ *```(\w*)$/gm)].filter((_fence, index) => index % 2 === 0).map(([, name]) => name),
    )
    expect([...new Set(languages)].toSorted()).toEqual([
      'ini',
      'js',
      'json',
      'mermaid',
      'promql',
      'sh',
      'text',
      'tsx',
    ])
  })
})

const NONE = '--no-such-flag'
const spawned = (script: string) => (args: string[]) => {
  const { stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
  throw new Error(stderr)
}
/** Stands in for `npm run migrate:extension`, which prints its usage for any wrong argument, without naming it. */
function migrate(args: string[]): never {
  const known = args.filter((one) => one !== NONE)
  let wrong = NONE
  try {
    parseFlags(['--settings', 'file', ...known])
  } catch {
    wrong = known.join(' ')
  }
  throw new Error(`Unknown option '${wrong}'`)
}
const options = (args: string[]) => parseOptions(args, {})
/** Runs a command of `npm run duplicates`. If the arguments name none, a flag is known if any of the commands knows it. */
async function duplicates([first = '', ...rest]: string[]): Promise<never> {
  const named = Object.hasOwn(DUPLICATES, first)
  const complaints: string[] = []
  for (const name of named ? [first] : Object.keys(DUPLICATES)) {
    const command = await DUPLICATES[name]?.()
    const args = named ? rest : [...(name === 'show' ? ['KEY'] : []), first, ...rest]
    await command?.(args).catch((error: Error) => complaints.push(error.message))
  }
  throw new Error(complaints.find((each) => !each.includes(first)) ?? complaints[0])
}

/** The commands with flags. Each reads all flags before it does anything, and refuses unknown ones. */
const COMMANDS: Record<string, (args: string[]) => unknown> = {
  ...{ demo: options, dev: options, tenant: options, provision, doctor, duplicates, attack, bench, chaos },
  load: spawned('scripts/load.mjs'),
  'mutate-tokens': spawned('scripts/mutate-tokens.mjs'),
  mutants: spawned('scripts/mutants.mjs'),
  'migrate:extension': migrate,
  events: readTailArguments,
}

/** Runs a command with its arguments and an unknown flag, and returns the message of its error. */
async function complaint(name: string, args: string[]): Promise<string> {
  try {
    await COMMANDS[name]?.([...args, NONE])
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  throw new Error(`npm run ${name} -- ${args.join(' ')} accepts ${NONE}`)
}

/** Whether one of these commands accepts a flag. */
async function isKnown(flag: string, names: ReadonlySet<string>): Promise<boolean> {
  for (const name of Object.keys(COMMANDS).filter((one) => names.has(one)))
    if (!(await complaint(name, [flag, 'value'])).includes(flag)) return true
  return false
}

describe('the flags of our commands', () => {
  const withFlags = commands.flatMap((command) => {
    const [, name = '', rest = ''] = /npm run ([\w:-]+) -- (.+)$/.exec(command) ?? []
    return name in COMMANDS ? [{ command, name, args: rest.replaceAll("'", '').split(' ') }] : []
  })

  it('are accepted as the documents write them', async () => {
    expect(withFlags.length).toBeGreaterThan(20)
    for (const { command, name, args } of withFlags)
      expect(await complaint(name, args), command).toMatch(
        /^(Unknown option '|There are no mutants of )--no-such-flag/,
      )
  })

  it('are known to a command that the same document mentions', async () => {
    const unknown: string[] = []
    for (const { path, text } of pages) {
      const flags = new Set([...text.matchAll(/`(--[\w-]+)[^`]*`/g)].map(([, flag = '']) => flag))
      const named = new Set([...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name))
      for (const flag of flags) if (!(await isKnown(flag, named))) unknown.push(`${path} ${flag}`)
    }
    // Flags of npm, docker and node. nearest-commands.program.test.ts checks all of them except `--read-only`, for which it
    // would need docker.
    expect(unknown).toEqual([
      'CONTRIBUTING.md --save-dev',
      'docs/assurance/performance.md --max-semi-space-size',
      'docs/operate.md --read-only',
      'docs/operate.md --secret',
      'docs/reference/http.md --max-http-header-size',
    ])
  })
})
