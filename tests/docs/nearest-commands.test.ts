import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { DockerfileParser } from 'dockerfile-ast'
import { describe, expect, it } from 'vitest'
import { main as bench } from '../bench/bench'
import { commandsIn, commandsOf } from '../support/documented-commands'

const read = (path: string) => readFileSync(path, 'utf8')
const { scripts, dependencies } = JSON.parse(read('package.json'))
const run = (...args: string[]) => execFileSync('npm', args, { encoding: 'utf8' })

describe('npm run check', () => {
  // It runs the very tests that this is one of.
  it('runs the commands that are listed beside it, and the tests', () => {
    const program = read('scripts/check.mjs')
    const [, parts = ''] = /for \(const script of \[(.*)\]\)/.exec(program) ?? []
    const listed = commandsOf(read('CONTRIBUTING.md'))
    expect(parts.split(', ')).toEqual(["'format:check'", "'lint'", "'typecheck'"])
    for (const name of parts.replaceAll("'", '').split(', ')) {
      expect(scripts).toHaveProperty([name])
      expect(listed).toContain(`npm run ${name}`)
    }
    expect(program).toContain("['scripts/test.mjs']")
  })
})

describe('npm run check:full', () => {
  // It takes hours, and begins with the tests that include this one.
  it('runs the commands that its row names, each of which exists', () => {
    const program = read('scripts/check-full.mjs')
    const called = [...program.matchAll(/args: \['run', '([\w:-]+)'/g)].map(([, name = '']) => name)
    expect(called).toEqual(['check', 'attack', 'chaos', 'mutants', 'screenshots'])
    for (const name of called) expect(scripts).toHaveProperty([name])
    expect(program).toContain("'--contact-sheet'")
    expect(program).toMatch(/'--seeds', '500'/)
  })
})

describe('npm run lint', () => {
  it('is made of its three parts', () => {
    for (const part of ['lint:code', 'lint:words', 'lint:unused']) {
      expect(scripts.lint).toContain(`npm run ${part}`)
      expect(scripts).toHaveProperty([part])
    }
  })
})

describe('npm run messages', () => {
  it('has written the types of the sentences as they are', () => {
    expect(scripts.messages).toBe('exec node scripts/messages.mjs')
    execFileSync(process.execPath, ['scripts/messages.mjs', '--check'])
  })
})

describe('npx changeset', () => {
  it('is installed, and may give this private package a version', () => {
    const version = execFileSync('node_modules/.bin/changeset', ['--version'], { encoding: 'utf8' })
    expect(version.trim()).toMatch(/^\d+\.\d+\.\d+$/)
    expect(JSON.parse(read('.changeset/config.json')).privatePackages).toMatchObject({ version: true })
  })
})

describe('npm run mutants', () => {
  // It takes a quarter of an hour.
  it('names the folders with mutants, each of which has tests', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/mutants.mjs', 'nowhere'], {
      encoding: 'utf8',
    })
    const folders = stderr.trim().replace(/^.*there are of (.+)\.$/, '$1')
    const page = read('docs/security/mutants.md')
    const rows = [...page.matchAll(/^\| `([\w/-]+)` \| \d/gm)].map(([, folder = '']) => folder)
    expect([status, folders]).toEqual([1, rows.join(', ')])
    for (const folder of rows) expect(readdirSync(`tests/${folder}`), folder).not.toEqual([])
  })
})

describe('npm run bench', () => {
  // It takes minutes, and both cores.
  it('has the parts that its document lists', async () => {
    const [, parts] = /# one part: (.+)$/m.exec(read('docs/performance.md')) ?? []
    await expect(bench(['--only', 'nothing'])).rejects.toThrow(
      new Error(`--only: there is no part nothing; there are ${parts}`),
    )
  })
})

describe('npm run screenshots', () => {
  // It writes into docs/images. Its steps are those of the tour, which tests/e2e/tour.e2e.ts takes in a browser.
  it('takes every picture in docs/images', () => {
    const taken = [...read('scripts/screenshots.mjs').matchAll(/take\(page, '([\w-]+)'/g)]
    const pictures = readdirSync('docs/images').map((file) => file.replace(/\.png$/, ''))
    expect([...new Set(taken.map(([, name]) => name))].toSorted()).toEqual(pictures.toSorted())
  })
})

describe('npm run chaos', () => {
  // All rows take a quarter of an hour. tests/flows/chaos.flow.test.ts plays seeds.
  it('continues from a row that exists', () => {
    const page = read('docs/security/chaos.md')
    const [command] = commandsIn('docs/security/chaos.md', 'npm run chaos -- --rows --from')
    const [, count = ''] = /all ([\d,]+) runs of the\s+rows/.exec(page) ?? []
    expect(Number(command.split(' ').at(-1))).toBeLessThan(Number(count.replace(',', '')))
  })
})

describe('npm', () => {
  it('has the flags of the documented audit, which asks the registry', () => {
    const [command] = commandsIn('docs/security/supply-chain.md', 'npm audit')
    expect(command).toBe('npm audit --omit dev --audit-level high')
    const help = run('audit', '--help')
    expect(help).toMatch(/--audit-level <.*\bhigh\b.*>/)
    expect(help).toMatch(/--omit <dev\b/)
  })

  it('has the flags of the documented installations, which ask the registry', () => {
    const [exact] = commandsIn('CONTRIBUTING.md', 'npm install')
    const [webhooks] = commandsIn('docs/events.md', 'npm install')
    expect(exact.replace(/@[\d.]+$/, '')).toBe('npm install --save-exact next')
    expect(dependencies).toHaveProperty([webhooks.replace('npm install ', '')])
    for (const flag of ['--save-exact', '--save-dev']) expect(run('install', '--help')).toContain(flag)
  })

  it("installs again after a removal that would delete these tests' packages", () => {
    const commands = commandsOf(read('CONTRIBUTING.md'))
    expect(commands[commands.indexOf('rm -rf node_modules') + 1]).toBe('npm ci')
  })
})

describe('docker', () => {
  // Needs a daemon, and an image from a registry.
  const page = read('docs/deploy.md')
  const instructions = DockerfileParser.parse(read('Dockerfile')).getInstructions()
  const argumentsOf = (keyword: string) =>
    instructions.filter((one) => one.getKeyword() === keyword).map((one) => one.getArgumentsContent() ?? '')

  it("runs the image that it built, at the server's port", () => {
    const [build] = commandsIn('docs/deploy.md', 'docker build')
    const [start] = commandsIn('docs/deploy.md', 'docker run')
    const [, name] = /^docker build -t (\S+) \.$/.exec(build) ?? []
    expect(start).toBe(`docker run --env-file account-linking.env -p 3000:3000 ${name}`)
    expect(argumentsOf('EXPOSE')).toEqual(['3000'])
    expect(argumentsOf('ENV').at(-1)).toContain('PORT=3000')
  })

  it('passes the key at build time by the name that the Dockerfile uses', () => {
    const [, id] = /`--secret id=(\w+),src=FILE`/.exec(page) ?? []
    expect(read('Dockerfile')).toContain(`--mount=type=secret,id=${id},env=NEXT_SERVER_ACTIONS_`)
  })
})

describe('vercel', () => {
  // Needs an account. tests/vercel.test.ts runs `vercel build`, which does not.
  it('has the commands of the documents', () => {
    const { output } = spawnSync(process.execPath, ['node_modules/vercel/dist/vc.js', '--help'], {
      encoding: 'utf8',
      env: { ...process.env, VERCEL_TELEMETRY_DISABLED: '1' },
    })
    const names = ['docs/deploy.md', 'docs/provision.md'].flatMap((page) =>
      commandsIn(page, 'vercel').map((command) => command.split(' ')[1]),
    )
    expect(new Set(names)).toEqual(new Set(['build', 'link', 'env']))
    for (const name of names) expect(output.join('')).toMatch(new RegExp(`^ +${name} `, 'm'))
  })

  it('receives the variables as the command prints it', () => {
    const [command] = commandsIn('docs/provision.md', 'vercel env add')
    const printed = read('operator/provision/vercel.ts')
      .replace('"$(basename "$file")"', 'NAME')
      .replace('"$file"', 'FILE')
    expect(printed).toContain(command)
  })
})

describe('node', () => {
  it.each(['--max-http-header-size', '--max-semi-space-size'])('takes %s', (flag) => {
    expect(process.allowedNodeEnvironmentFlags.has(flag)).toBe(true)
  })
})
