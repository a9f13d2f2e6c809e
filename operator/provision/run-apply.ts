import { bareEntries, isNamed } from '../../core/rules/connection-list'
import { parseConfig } from '../../lib/config/config'
import type { Actual } from '../shared/actual'
import { readEnvFile, type Variables } from '../shared/env-file'
import { type NamedConnection, respelledDesired, respelledVariables } from '../shared/list-spelling'
import { OperatorError } from '../shared/operator-error'
import { isIssuer, isOffering } from '../shared/service'
import { cancelled } from '../shared/terminal'
import { apply } from './apply'
import { describeChange } from './change'
import { type Plan, plan } from './plan'
import type { Session } from './session'
import { writeForVercel } from './vercel'

/** `plan` makes no changes, `ask` asks before it makes them, `unasked` makes them at once. */
export type Mode = 'plan' | 'ask' | 'unasked'

/**
 * Runs `plan` or `apply`: prints the changes and, for `apply` with the operator's consent, makes them.
 *
 * @throws {OperatorError} `conflict` if something prevents the changes; `confirmation_needed` if the command cannot ask the
 *   operator; and the errors of reading the settings and the tenant.
 */
export async function runApply(session: Session, mode: Mode): Promise<void> {
  const { terminal, settings, access, work } = session
  const given = await settings.service(access)
  if (!(await isIssuer(access.login.origin)))
    throw new OperatorError('bad_settings', `AUTH0_DOMAIN: no tenant answers at ${access.login.origin}.`)
  terminal.step('Reading the tenant …')
  const { changes, conflicts, notes, actual, service, known } = await compare(session, given)
  for (const note of notes) terminal.say(`! ${note}`)
  if (conflicts.length > 0) throw new OperatorError('conflict', conflicts.join('\n'))
  if (changes.length === 0) {
    writeForVercel(session)
    return terminal.end('Nothing to do.')
  }
  terminal.say(...changes.flatMap(describeChange))
  if (mode === 'plan') return terminal.end(`${changes.length} changes. To make them, run apply.`)
  await requireConfirmation(
    session,
    mode,
    `Make these ${changes.length} changes at ${access.management.host}?`,
  )

  const desired = (variables: Variables) =>
    respelledDesired(work.desired({ ...service, ...variables }), known)
  await apply({ ...work, settings: service, desired }, changes, actual, new Date())
  writeForVercel(session)
  terminal.step('Reading the tenant again …')
  const rest = (await compare(session, given)).changes
  if (rest.length > 0)
    throw new OperatorError(
      'management_failed',
      `These changes had no effect:\n${rest.flatMap(describeChange).join('\n')}`,
    )
  await sayWhatIsNext(session, service.APP_BASE_URL ?? '')
}

/** The changes to make now, and what they are based on. */
interface Comparison extends Plan {
  actual: Actual
  /** The operator's settings for the service, with lists of connections in the current spelling, `strategy:connection`. */
  service: Variables
  /** Every connection of the tenant. */
  known: NamedConnection[]
}

async function compare({ settings: { trusted }, work }: Session, given: Variables): Promise<Comparison> {
  const file = readEnvFile(work.envFile)
  const known: NamedConnection[] = []
  const hasStream = work.desired({ ...given, ...file }).eventStream !== undefined
  const there = await work.tenant.read(({ name, strategy }) => {
    known.push({ name, strategy })
    return isNamed({ provider: strategy, connection: name }, trusted)
  }, hasStream)
  const service = respelledVariables(given, known)
  const env = withoutOldSpelling(file, service, known)
  const actual = { ...there, env, fingerprints: work.journal.fingerprints }
  const desired = respelledDesired(work.desired({ ...service, ...env }), known)
  const compared = plan(desired, actual, service, trusted)
  const unknown = bareEntries(trusted).filter((entry) => !known.some(({ name }) => name === entry))
  const notes = unknown.map((name) => `TRUSTED_CONNECTIONS: the tenant has no connection "${name}".`)
  return { ...compared, notes: [...compared.notes, ...notes], actual, service, known }
}

/** Leaves out lists in the old spelling (names without a strategy), so that the plan writes them in the current one. */
function withoutOldSpelling(file: Variables, service: Variables, known: NamedConnection[]): Variables {
  const spelled = respelledVariables(file, known)
  const isOld = (name: string) => spelled[name] !== file[name] && spelled[name] === service[name]
  return Object.fromEntries(Object.entries(file).filter(([name]) => !isOld(name)))
}

/**
 * Continues only with the operator's consent.
 *
 * @throws {OperatorError} `cancelled`, or `confirmation_needed` if the command cannot ask the operator.
 */
export async function requireConfirmation(
  { terminal }: Session,
  mode: Mode,
  question: string,
): Promise<void> {
  if (mode === 'unasked') return
  if (!terminal.isInteractive)
    throw new OperatorError('confirmation_needed', 'No operator is there to confirm. Pass --yes.')
  if (!(await terminal.confirm(question))) throw cancelled()
}

async function sayWhatIsNext({ terminal, work }: Session, app: string): Promise<void> {
  terminal.say(...howToMakeOperators(app))
  const checked = parseConfig(readEnvFile(work.envFile))
  if ('problems' in checked)
    return terminal.end(`Done, but ${work.envFile} is not complete:\n  ${checked.problems.join('\n  ')}`)
  if (await isOffering(app))
    return terminal.end(`Done. ${app} answers: people are asked at their next login.`)
  terminal.end(
    `Done. Start the service with ${work.envFile} (npm run build && npm start). No one is asked until ${app}/healthz says "offer":true.`,
  )
}

/** How someone becomes an operator of the console: no command gives anyone that power. */
const howToMakeOperators = (app: string): string[] => [
  'An operator of the console needs the permission operate:account_linking and a second factor. In Auth0’s dashboard: User',
  `Management > Users > the operator > Permissions > Assign, API ${app}/console. CONSOLE=on turns the console on.`,
]
