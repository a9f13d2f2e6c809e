import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { DockerfileParser } from 'dockerfile-ast'
import { describe, expect, it, vi } from 'vitest'
import { main as bench } from '../campaigns/bench/bench'
import { commandsIn, commandsOf } from '../support/operator/documented-commands'

/** Long enough for programs to start while other tests run. */
vi.setConfig({ testTimeout: 60_000 })

const read = (path: string) => readFileSync(path, 'utf8')
const { scripts, dependencies } = JSON.parse(read('package.json'))
const run = (...args: string[]) => execFileSync('npm', args, { encoding: 'utf8' })

describe('npm run check', () => {
  // The command cannot run here: it runs all tests, this one included.
  it('checks the sources, by scripts that exist, and runs the tests', () => {
    expect(scripts.check).toBe('npm run check:sources && npm test')
    const program = read('scripts/check-sources.mjs')
    for (const name of ['format:check', 'lint', 'typecheck']) {
      expect(program).toContain(`'${name}'`)
      expect(scripts).toHaveProperty([name])
    }
  })
})

describe('npm run check:full', () => {
  // The command takes hours, and begins with all tests, this one included.
  it('has a script without syntax errors, and so has npm run screenshots', () => {
    for (const script of ['scripts/check-full.mjs', 'scripts/screenshots.mjs'])
      expect(spawnSync(process.execPath, ['--check', script]).status, script).toBe(0)
  })
})

describe('npm run lint', () => {
  it('runs its three parts, which exist', () => {
    for (const part of ['lint:code', 'lint:words', 'lint:unused']) {
      expect(scripts.lint).toContain(`npm run ${part}`)
      expect(scripts).toHaveProperty([part])
    }
  })
})

describe('npm run docs:api', () => {
  // The command downloads two packages.
  it('pins its versions, and has entry points that exist', () => {
    expect(scripts['docs:api']).toMatch(/--package=typedoc@\d+\.\d+\.\d+ --package=typescript@\d+\.\d+\.\d+ /)
    for (const path of JSON.parse(read('typedoc.json')).entryPoints) expect(existsSync(path), path).toBe(true)
  })
})

describe('npm run messages', () => {
  it('finds that the types in the repository match the sentences', () => {
    expect(scripts.messages).toBe('exec node scripts/messages.mjs')
    execFileSync(process.execPath, ['scripts/messages.mjs', '--check'])
  })

  it('checks one language, and says that its file is missing', () => {
    const check = (tag: string) => () =>
      execFileSync(process.execPath, ['scripts/messages.mjs', '--check', tag], { stdio: 'pipe' })
    expect(check('en')).not.toThrow()
    expect(check('xx')).toThrow('messages/xx.json is not there')
  })
})

describe('npx changeset', () => {
  it('is installed, and is configured to set the version of this private package', () => {
    const version = execFileSync('node_modules/.bin/changeset', ['--version'], { encoding: 'utf8' })
    expect(version.trim()).toMatch(/^\d+\.\d+\.\d+$/)
    expect(JSON.parse(read('.changeset/config.json')).privatePackages).toMatchObject({ version: true })
  })
})

describe('npm run mutants', () => {
  // The command takes a quarter of an hour.
  it('has tests and a row in its page for each folder with mutants', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/mutants.mjs', 'nowhere'], {
      encoding: 'utf8',
    })
    const folders = stderr
      .trim()
      .replace(/^.*there are of (.+)\.$/, '$1')
      .split(', ')
    const page = read('docs/assurance/mutants.md')
    expect([status, folders.length]).toEqual([1, 4])
    for (const folder of folders) {
      expect(page).toContain(`| \`${folder}\` |`)
      expect(readdirSync(`tests/${folder}`), folder).not.toEqual([])
    }
  })
})

describe('npm run bench', () => {
  // The command takes minutes, and needs two cores for itself.
  it('has the parts that its page lists', async () => {
    const complaint: unknown = await bench(['--only', 'nothing']).catch((error: Error) => error.message)
    const [, parts = ''] = String(complaint).split('there are ')
    expect(parts).not.toBe('')
    expect(read('docs/assurance/performance.md')).toContain(parts)
  })
})

describe('npm', () => {
  it('knows the flags of the documented audit, which itself needs the registry', () => {
    const [command] = commandsIn('docs/assurance/supply-chain.md', 'npm audit')
    expect(command).toBe('npm audit --omit dev --audit-level high')
    const help = run('audit', '--help')
    expect(help).toMatch(/--audit-level <.*\bhigh\b.*>/)
    expect(help).toMatch(/--omit <dev\b/)
  })

  it('knows the flags of the documented installations, which themselves need the registry', () => {
    const [exact] = commandsIn('CONTRIBUTING.md', 'npm install')
    const [webhooks] = commandsIn('docs/events.md', 'npm install')
    expect(exact.replace(/@[\d.]+$/, '')).toBe('npm install --save-exact next')
    expect(dependencies).toHaveProperty([webhooks.replace('npm install ', '')])
    for (const flag of ['--save-exact', '--save-dev']) expect(run('install', '--help')).toContain(flag)
  })

  it('is documented to install again after node_modules is removed, which would break these tests', () => {
    const commands = commandsOf(read('CONTRIBUTING.md'))
    expect(commands[commands.indexOf('rm -rf node_modules') + 1]).toBe('npm ci')
  })
})

describe('docker', () => {
  // The commands need a docker daemon and an image from a registry.
  const page = read('docs/operate.md')
  const instructions = DockerfileParser.parse(read('Dockerfile')).getInstructions()
  const argumentsOf = (keyword: string) =>
    instructions.filter((one) => one.getKeyword() === keyword).map((one) => one.getArgumentsContent() ?? '')

  it('is documented to run the image that it built, at the port of the server', () => {
    const [build] = commandsIn('docs/operate.md', 'docker build')
    const [start] = commandsIn('docs/operate.md', 'docker run')
    const [, name] = /^docker build -t (\S+) \.$/.exec(build) ?? []
    expect(start).toBe(`docker run --env-file account-linking.env -p 3000:3000 ${name}`)
    expect(argumentsOf('EXPOSE')).toEqual(['3000'])
    expect(argumentsOf('ENV').at(-1)).toContain('PORT=3000')
  })

  it('is documented to pass the key at build time by the name that the Dockerfile uses', () => {
    const [, id] = /`--secret id=(\w+),src=FILE`/.exec(page) ?? []
    expect(read('Dockerfile')).toContain(`--mount=type=secret,id=${id},env=NEXT_SERVER_ACTIONS_`)
  })
})

describe('vercel', () => {
  // The commands need an account. tests/vercel.full.test.ts runs `vercel build`, which needs none.
  it('has the commands of the documents', () => {
    const { output } = spawnSync(process.execPath, ['node_modules/vercel/dist/vc.js', '--help'], {
      encoding: 'utf8',
      env: { ...process.env, VERCEL_TELEMETRY_DISABLED: '1' },
    })
    const names = commandsIn('docs/provision.md', 'vercel').map((command) => command.split(' ')[1])
    expect(new Set(names)).toEqual(new Set(['link', 'env']))
    for (const name of names) expect(output.join('')).toMatch(new RegExp(`^ +${name} `, 'm'))
  })
})

describe('node', () => {
  it.each(['--max-http-header-size', '--max-semi-space-size'])('accepts %s', (flag) => {
    expect(process.allowedNodeEnvironmentFlags.has(flag)).toBe(true)
  })
})
