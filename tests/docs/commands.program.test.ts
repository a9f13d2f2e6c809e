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

describe('every command in a document', () => {
  it('runs in exactly one test or program', () => {
    const places = commands.map((command) => ({
      command,
      files: PLACES.filter((place) => place.commands.test(command)).map(({ file }) => file),
    }))
    expect(commands.length).toBeGreaterThan(60)
    expect(places.filter(({ files }) => files.length !== 1)).toEqual([])
  })

  it('is still in a document', () => {
    const left = PLACES.filter((place) => !commands.some((command) => place.commands.test(command)))
    expect(left.map((place) => place.commands)).toEqual([])
  })

  it('is in the file that runs it', () => {
    const lost = PLACES.flatMap(({ file, words }) => {
      const text = readFileSync(file, 'utf8')
      return words.filter((word) => !text.includes(word)).map((word) => `${file}: ${word}`)
    })
    expect(lost).toEqual([])
  })

  it('is in a block that is read as commands', () => {
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
/** It prints its usage for every wrong argument. */
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
/** It has commands with flags of their own. Without one, the flags of any of them are known. */
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

/** The commands with flags. Each reads all of them before it does anything, and refuses unknown ones. */
const COMMANDS: Record<string, (args: string[]) => unknown> = {
  ...{ demo: options, dev: options, tenant: options, provision, doctor, duplicates, attack, bench, chaos },
  load: spawned('scripts/load.mjs'),
  'mutate-tokens': spawned('scripts/mutate-tokens.mjs'),
  mutants: spawned('scripts/mutants.mjs'),
  'migrate:extension': migrate,
  events: readTailArguments,
}

/** The error of a command for its arguments and an unknown flag. */
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
    // Flags of npm, docker and node. nearest-commands.test.ts checks all but the second, which only docker could check.
    expect(unknown).toEqual([
      'CONTRIBUTING.md --save-dev',
      'docs/assurance/performance.md --max-semi-space-size',
      'docs/operate.md --read-only',
      'docs/operate.md --secret',
      'docs/reference/http.md --max-http-header-size',
    ])
  })
})
