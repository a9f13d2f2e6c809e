import { bareEntries, isNamed } from '../../core/rules/connection-list'
import { parseConfig } from '../../lib/config/config'
import type { Actual } from '../shared/actual'
import { readEnvFile, type Variables } from '../shared/env-file'
import { type NamedConnection, respelledDesired, respelledVariables } from '../shared/list-spelling'
import { OperatorError } from '../shared/operator-error'
import { isIssuer, isOffering } from '../shared/service'
import { cancelled } from '../shared/terminal'
import { apply } from './apply'
import { inWords } from './change'
import { type Plan, plan } from './plan'
import type { Session } from './session'
import { writeForVercel } from './vercel'

/** Whether changes are made, and after what. */
export type Mode = 'plan' | 'ask' | 'unasked'

/**
 * `plan` and `apply`: says what has to be done, and with the operator's yes does it.
 *
 * @throws {OperatorError} `conflict` where something stands in the way, `confirmation_needed` where nobody is there to say
 *   yes; what settings and tenant throw.
 */
export async function runApply(session: Session, mode: Mode): Promise<void> {
  const { terminal, settings, access, work } = session
  const given = await settings.service(access, await work.tenant.describe())
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
  terminal.say(...changes.flatMap(inWords))
  if (mode === 'plan') return terminal.end(`${changes.length} changes. apply makes them.`)
  await confirmed(session, mode, `Make these ${changes.length} changes at ${access.management.host}?`)

  const desired = (variables: Variables) =>
    respelledDesired(work.desired({ ...service, ...variables }), known)
  await apply({ ...work, settings: service, desired }, changes, actual, new Date())
  writeForVercel(session)
  terminal.step('Reading the tenant once more …')
  const rest = (await compare(session, given)).changes
  if (rest.length > 0)
    throw new OperatorError('management_failed', `Not as it was set:\n${rest.flatMap(inWords).join('\n')}`)
  await sayWhatIsNext(session, service.APP_BASE_URL ?? '')
}

/** What is to be done now, and what that follows from. */
interface Comparison extends Plan {
  actual: Actual
  /** What the operator says of the service, with lists of connections in their spelling of now. */
  service: Variables
  /** Every connection of the tenant. */
  known: NamedConnection[]
}

async function compare({ settings: { trusted }, work }: Session, given: Variables): Promise<Comparison> {
  const file = readEnvFile(work.envFile)
  const known: NamedConnection[] = []
  const there = await work.tenant.read(({ name, strategy }) => {
    known.push({ name, strategy })
    return isNamed({ provider: strategy, connection: name }, trusted)
  })
  const service = respelledVariables(given, known)
  const env = withoutOldSpelling(file, service, known)
  const actual = { ...there, env, fingerprints: work.journal.fingerprints }
  const desired = respelledDesired(work.desired({ ...service, ...env }), known)
  const compared = plan(desired, actual, service, trusted)
  const unknown = bareEntries(trusted).filter((entry) => !known.some(({ name }) => name === entry))
  const notes = unknown.map((name) => `TRUSTED_CONNECTIONS: the tenant has no connection "${name}".`)
  return { ...compared, notes: [...compared.notes, ...notes], actual, service, known }
}

/** A list that the file spells as it was spelled before is not there: it is written again, in the spelling of now. */
function withoutOldSpelling(file: Variables, service: Variables, known: NamedConnection[]): Variables {
  const spelled = respelledVariables(file, known)
  const isOld = (name: string) => spelled[name] !== file[name] && spelled[name] === service[name]
  return Object.fromEntries(Object.entries(file).filter(([name]) => !isOld(name)))
}

/**
 * Goes on with a yes only.
 *
 * @throws {OperatorError} `cancelled`, or `confirmation_needed` where nobody is there to say it.
 */
export async function confirmed({ terminal }: Session, mode: Mode, question: string): Promise<void> {
  if (mode === 'unasked') return
  if (!terminal.isInteractive)
    throw new OperatorError('confirmation_needed', 'Nobody is there to say yes: pass --yes.')
  if (!(await terminal.confirm(question))) throw cancelled()
}

async function sayWhatIsNext({ terminal, work }: Session, app: string): Promise<void> {
  const checked = parseConfig(readEnvFile(work.envFile))
  if ('problems' in checked)
    return terminal.end(`Done, but ${work.envFile} is not complete:\n  ${checked.problems.join('\n  ')}`)
  if (await isOffering(app))
    return terminal.end(`Done. ${app} answers: people are asked from their next login on.`)
  terminal.end(
    `Done. Start the service with ${work.envFile} (npm run build && npm start). Nobody is asked before ${app}/healthz says "offer":true.`,
  )
}
