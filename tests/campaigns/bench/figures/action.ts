import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { ActionRuntime } from '../../../../local-tenant/actions/action-runtime'
import { ACTION, ROOT } from '../../../../scripts/lib/paths.mjs'
import { run } from '../../../../scripts/lib/run.mjs'
import { aPerson, aSmallTenant, loginOf } from '../built-action'
import { type Findings, inTurns, median, timed } from '../figure'

const ROUNDS = 20
const LOGINS = 100
const LOADS = 9

/** The cost of the Action for each login, and its size. */
export async function action(): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), 'account-linking-bench-'))
  try {
    const code = readFileSync(join(ROOT, ACTION), 'utf8')
    const { code: minified } = await transform(code, { minify: true, target: 'node22' })
    const [logins, loads] = [await timeOfLogins(folder), await timeToLoad(folder, code)]
    return {
      figures: [
        {
          name: 'time the Action adds to a login with nothing to do, over an empty one in the same runner',
          ours: logins.ours - logins.empty,
          unit: 'ms',
          other: { name: 'a whole run of the empty one', value: logins.empty },
          target: { of: 'ours', most: 0.2 },
        },
        {
          name: 'loading the Action cold',
          ours: loads.ours,
          unit: 'ms',
          other: { name: "`require('auth0')`", value: loads.auth0 },
          target: { of: 'ratio', most: 1 / 20 },
        },
        {
          name: 'size of the Action as built, readable',
          ours: Buffer.byteLength(code) / 1000,
          unit: 'kB',
          other: { name: 'what Auth0 takes', value: 100 },
          target: { of: 'ours', most: 40 },
        },
        {
          name: 'the same, minified',
          ours: Buffer.byteLength(minified) / 1000,
          unit: 'kB',
          target: { of: 'ours', most: 20 },
        },
      ],
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Time of a login in the tenant's Action runner, messages included, in milliseconds: our Action and an empty one. */
async function timeOfLogins(folder: string): Promise<Record<'ours' | 'empty', number>> {
  const tenant = aSmallTenant()
  const person = aPerson(1)
  tenant.people.push(person)
  await tenant.logIn(person)
  const empty = join(folder, 'empty.cjs')
  writeFileSync(empty, 'exports.onExecutePostLogin = async () => {}\n')
  const runtime = new ActionRuntime(join(ROOT, 'local-tenant', 'dist', 'action-worker.js'), '')
  const redirect = {
    ...{ canRedirect: true, issuer: 'tenant', subject: person.user_id, ip: '127.0.0.1', clockOffset: 0 },
    ...{ checkSubject: true, checkIssuer: true, tokenParameter: null },
  }
  const login = { handler: 'onExecutePostLogin', event: loginOf(person), switched: false, redirect } as const
  const runsOf = (file: string) => async () => {
    const times: number[] = []
    for (let count = 0; count < LOGINS; count += 1)
      times.push(
        await timed(async () => {
          const { error, logs, effects } = await runtime.run({ file, ...login }, Date.now(), () => {})
          if (error || logs.length > 0 || effects.appMetadata.account_linking)
            throw new Error(`there was something to do: ${error ?? logs}`)
        }),
      )
    return median(times)
  }
  try {
    return await inTurns(ROUNDS, { ours: runsOf(join(ROOT, ACTION)), empty: runsOf(empty) })
  } finally {
    runtime.close()
  }
}

/** Time to load a module in a new process, in milliseconds. */
async function timeToLoad(folder: string, code: string): Promise<Record<'ours' | 'auth0', number>> {
  const file = join(folder, 'action.cjs')
  writeFileSync(file, code)
  const load = (module: string) => async () => {
    const result = join(folder, 'ms')
    const script = `const start = performance.now(); require(${JSON.stringify(module)});
      require('node:fs').writeFileSync(${JSON.stringify(result)}, String(performance.now() - start))`
    await run(process.execPath, ['-e', script])
    return Number(readFileSync(result, 'utf8'))
  }
  return inTurns(LOADS, { ours: load(file), auth0: load('auth0') })
}
