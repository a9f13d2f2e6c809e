/**
 * `npm run doctor`: looks at tenant, Action and service, and says what is wrong and how to mend it. Changes nothing.
 * @module
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseConfig } from '../lib/config'
import { readDesired } from '../provision/desired'
import { Journal } from '../provision/journal'
import { ProvisionError } from '../provision/provision-error'
import type { Access } from '../provision/settings'
import { ROOT } from '../scripts/lib/paths.mjs'
import { type Finding, found } from './catalogue'
import { CHECKS } from './checks/all'
import { readEnvironment } from './environment'
import { gather, openReader } from './gather'
import { inWords, statusOf } from './print'

const USAGE = `npm run doctor -- [--env FILE] [--json]

  --env    the service's environment; what next start would read by default
  --json   the findings as JSON

docs/doctor.md says what is looked for, and by whose right.`

/** Nothing could be found out. */
const COULD_NOT_RUN = 3

/**
 * Runs the command.
 *
 * @param args - Behind the program's name.
 * @returns The exit status.
 */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      env: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  try {
    const findings = await examine(readEnvironment(process.cwd(), values.env))
    if (values.json) console.log(JSON.stringify({ findings }, undefined, 2))
    else console.log(inWords(findings).join('\n'))
    return statusOf(findings)
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error
    console.error(`${error.code}: ${error.message}`)
    return COULD_NOT_RUN
  }
}

async function examine(env: Record<string, string>): Promise<Finding[]> {
  const parsed = parseConfig(env)
  if ('problems' in parsed)
    return parsed.problems.map((problem) =>
      found(
        'environment_unusable',
        `${problem}.`,
        `Set ${problem.split(' ')[0]} in the service's environment.`,
      ),
    )
  const { config } = parsed
  const { host } = config.managementDomain
  const journal = new Journal(join('.account-linking', `${host.replace(':', '_')}.json`))
  const desired = readDesired(join(ROOT, 'auth0'), { ...env, MANAGEMENT_API_DOMAIN: host })
  const subject = { config, desired, fingerprints: journal.fingerprints, credentials: credentialsOf(env) }
  const facts = await gather(subject, await openReader(subject))
  return CHECKS.flatMap((check) => check(facts))
}

/** The operator's right where it is given, else the service's own, which may read less. */
function credentialsOf(env: Record<string, string>): Access['credentials'] {
  const { AUTH0_PROVISION_TOKEN: token, AUTH0_PROVISION_CLIENT_ID: id = '' } = env
  if (token) return { token }
  if (id) return { id, secret: env.AUTH0_PROVISION_CLIENT_SECRET ?? '' }
  return { id: env.MANAGEMENT_API_CLIENT_ID ?? '', secret: env.MANAGEMENT_API_CLIENT_SECRET ?? '' }
}
