import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { Clone } from '../support/operator/clone'
import { blocksOf, commandsIn, commandsOf } from '../support/operator/documented-commands'

const EXTENSION = 'docs/migrate/account-link-extension.md'
const SUPPLY_CHAIN = 'docs/assurance/supply-chain.md'
const textOf = (page: string) => readFileSync(page, 'utf8')
/** Long enough for programs to start while other tests run. */
vi.setConfig({ testTimeout: 60_000 })

const clone = new Clone('scripts', 'action')
const oneFile = new Clone()
afterAll(() => {
  clone.remove()
  oneFile.remove()
})

describe('CONTRIBUTING.md', () => {
  it('has checks that pass a good file, refuse a bad one, and a command that rewrites it', async () => {
    const [typecheck, lint, check, format] = ['typecheck', 'lint:code', 'format:check', 'format'].map(
      (name) => commandsIn('CONTRIBUTING.md', `npm run ${name}`)[0],
    )
    const statuses = async () => {
      const ran = [typecheck, lint, check].map((command) => oneFile.type(command ?? ''))
      return (await Promise.all(ran)).map(({ status }) => status)
    }
    oneFile.write('one.ts', "import { join } from 'node:path'\nexport const one:   string = 1\n")
    expect(await statuses()).not.toContain(0)
    oneFile.write('one.ts', 'export const one:   number = 1\n')
    await oneFile.type(format ?? '')
    expect(oneFile.read('one.ts')).toBe('export const one: number = 1\n')
    expect(await statuses()).toEqual([0, 0, 0])
  })

  it('names tests and projects that exist', async () => {
    const commands = ['npm run test:unit --', 'npx vitest run'].flatMap((beginning) =>
      commandsIn('CONTRIBUTING.md', beginning),
    )
    expect(commands).toHaveLength(7)
    const listings = commands.map((command) =>
      command.replace(/^npm run test:unit --|^npx vitest run/, 'npx vitest list --filesOnly'),
    )
    const [journey = ''] = commandsIn('CONTRIBUTING.md', 'npx playwright test')
    const answers = [...listings, `${journey} --list`].map((listing) =>
      clone.type(`cd ${process.cwd()}; ${listing}`),
    )
    for (const { status, out } of await Promise.all(answers))
      expect([status, out]).toEqual([0, expect.stringMatching(/\.(test|e2e)\.ts/)])
  })

  it('builds the Action', async () => {
    const [command] = commandsIn('docs/reference/action.md', 'npm run build:action')
    expect(await clone.type(command)).toMatchObject({ status: 0, error: '' })
  })

  it('installs what the lockfile lists', async () => {
    const [command] = commandsIn('CONTRIBUTING.md', 'npm ci')
    const { status, error } = await clone.type(`${command} --dry-run --offline`)
    expect([status, error.includes('npm error')]).toEqual([0, false])
  })
})

describe(SUPPLY_CHAIN, () => {
  it('writes the bill of materials', async () => {
    const [command] = commandsIn(SUPPLY_CHAIN, 'npm run sbom')
    expect((await clone.type(command)).status).toBe(0)
    const { bomFormat, specVersion, components } = JSON.parse(clone.read('sbom.cdx.json'))
    expect([bomFormat, specVersion]).toEqual(['CycloneDX', '1.5'])
    expect(components.map(({ name }: { name: string }) => name)).toContain('openid-client')
  })
})

describe(EXTENSION, () => {
  it('carries settings over: the first command shows them, the second one writes the file', async () => {
    const [settings = ''] = blocksOf(textOf(EXTENSION), 'json')
    clone.write('settings.json', settings)
    clone.write('locales.json', '{}')
    const [look, write] = commandsOf(textOf(EXTENSION)).filter((one) => one.includes('migrate:extension'))
    const looked = await clone.type(look ?? '')
    expect([looked.status, looked.out]).toEqual([0, expect.stringContaining('BRAND_NAME="Example Company"')])
    expect((await clone.type(write ?? '')).status).toBe(0)
    expect(clone.read('.env.local')).toContain('AUTH0_DOMAIN="login.example.com"')
  })
})
