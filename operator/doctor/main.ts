/**
 * `npm run doctor`: examines tenant, Action and service, says what is wrong and how to fix each problem. Changes nothing.
 * @module
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { NOTHING_CONFIGURED, parseConfig } from '../../lib/config/config'
import { overrideProblems } from '../../lib/messages/check-overrides'
import { ROOT } from '../../scripts/lib/paths.mjs'
import { readDesired } from '../shared/desired'
import { readEnvironment } from '../shared/environment'
import { ProvisionJournal } from '../shared/journal'
import { OperatorError } from '../shared/operator-error'
import { credentialsIn } from '../shared/settings'
import { createFinding, type Finding } from './catalogue'
import { CHECKS } from './checks/all'
import { gather, openReader } from './gather'
import { goThroughLogins, type SimulatedLogin } from './go-through-logins'
import { formatFindings, loginInWords, statusOf, withoutAddresses } from './print'

const USAGE = `npm run doctor -- [--env FILE] [--user WHO] [--mail-to ADDRESS] [--json]

  --env      the service's environment; by default what next start would read
  --user     an email address or a user id; explains its login step by step
  --mail-to  sends a test mail to this address
  --json     prints JSON

docs/doctor.md says what the doctor checks, and which credentials it uses.`

/** Exit status if nothing could be read, or the login of `--user` could not be simulated. */
const COULD_NOT_RUN = 3

/**
 * Runs the command.
 *
 * @param args - The arguments after the program's name.
 * @returns The exit status.
 */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      env: { type: 'string' },
      user: { type: 'string' },
      'mail-to': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  try {
    const report = await examine(readEnvironment(process.cwd(), values.env), values.user, values['mail-to'])
    const { findings, logins, isComplete } = report
    const isUnknown = values.user !== undefined && isComplete && logins.length === 0
    const noMatch = isUnknown ? ['', 'No user matches --user.'] : []
    const lines = values.json
      ? [JSON.stringify({ findings, logins }, undefined, 2)]
      : [...formatFindings(findings), ...logins.flatMap(loginInWords), ...noMatch]
    console.log(withoutAddresses(lines.join('\n')))
    return isComplete ? statusOf(findings) : COULD_NOT_RUN
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    console.error(`${error.code}: ${error.message}`)
    return COULD_NOT_RUN
  }
}

interface Report {
  findings: Finding[]
  logins: SimulatedLogin[]
  /** Whether every requested login could be simulated. */
  isComplete: boolean
}

async function examine(
  env: Record<string, string>,
  who: string | undefined,
  mailTo: string | undefined,
): Promise<Report> {
  const parsed = parseConfig(env)
  if ('problems' in parsed)
    return { findings: parsed.problems.map(unusableVariable), logins: [], isComplete: true }
  const { config } = parsed
  const sentences = overrideProblems(config.messageOverrides)
  if (sentences.length > 0) {
    const findings = sentences.map((problem) => unusableVariable(`MESSAGES_OVERRIDES ${problem}`))
    return { findings, logins: [], isComplete: true }
  }
  const { host } = config.managementDomain
  const journal = new ProvisionJournal(join('.account-linking', `${host.replace(':', '_')}.json`))
  const desired = readDesired(join(ROOT, 'auth0'), { ...env, MANAGEMENT_API_DOMAIN: host })
  const subject = { config, desired, fingerprints: journal.fingerprints, credentials: credentialsIn(env) }
  const facts = await gather(subject, await openReader(subject), mailTo)
  const findings = CHECKS.flatMap((check) => check(facts))
  if (who === undefined) return { findings, logins: [], isComplete: true }
  const ofAction = { ...subject, credentials: config.managementClient ?? subject.credentials }
  try {
    const logins = await goThroughLogins(ofAction, who, Math.floor(Date.now() / 1000))
    return { findings, logins, isComplete: true }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return { findings: [...findings, loginNotChecked(error)], logins: [], isComplete: false }
  }
}

function loginNotChecked({ code, message }: OperatorError): Finding {
  const fix =
    code === 'missing_scope'
      ? 'Grant this scope to the application MANAGEMENT_API_CLIENT_ID: npm run provision -- apply.'
      : 'Fix that, then run the command again.'
  return createFinding('not_checked', `Not read: the login of --user. ${message}`, fix)
}

function unusableVariable(problem: string): Finding {
  const [what = '', ...todo] = problem.split(/(?<=\.) /)
  if (problem === NOTHING_CONFIGURED) return createFinding('environment_unusable', what, todo.join(' '))
  const [variable = ''] = problem.split(' ')
  const fix = `Set ${variable} in the service's environment.`
  return createFinding('environment_unusable', `${problem}.`, fix)
}
