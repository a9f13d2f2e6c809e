import { parseConfig } from '../lib/config'
import type { Actual } from './actual'
import { apply } from './apply'
import { inWords } from './change'
import { readEnvFile, type Variables } from './env-file'
import { type Plan, plan } from './plan'
import { ProvisionError } from './provision-error'
import { isIssuer, isOffering } from './service'
import type { Session } from './session'
import { cancelled } from './terminal'
import { writeForVercel } from './vercel'

/** Whether changes are made, and after what. */
export type Mode = 'plan' | 'ask' | 'unasked'

/**
 * `plan` and `apply`: says what has to be done, and with the operator's yes does it.
 *
 * @throws {ProvisionError} `conflict` where something stands in the way, `confirmation_needed` where nobody is there to say
 *   yes; what settings and tenant throw.
 */
export async function runApply(session: Session, mode: Mode): Promise<void> {
  const { terminal, settings, access, work } = session
  const service = await settings.service(access, await work.tenant.describe())
  if (!(await isIssuer(access.login.origin)))
    throw new ProvisionError('bad_settings', `AUTH0_DOMAIN: no tenant answers at ${access.login.origin}.`)
  terminal.step('Reading the tenant …')
  const { changes, conflicts, notes, actual } = await compare(session, service)
  for (const note of notes) terminal.say(`! ${note}`)
  if (conflicts.length > 0) throw new ProvisionError('conflict', conflicts.join('\n'))
  if (changes.length === 0) {
    writeForVercel(session)
    return terminal.end('Nothing to do.')
  }
  terminal.say(...changes.flatMap(inWords))
  if (mode === 'plan') return terminal.end(`${changes.length} changes. apply makes them.`)
  await confirmed(session, mode, `Make these ${changes.length} changes at ${access.management.host}?`)

  const desired = (variables: Variables) => work.desired({ ...service, ...variables })
  await apply({ ...work, settings: service, desired }, changes, actual, new Date())
  writeForVercel(session)
  terminal.step('Reading the tenant once more …')
  const rest = (await compare(session, service)).changes
  if (rest.length > 0)
    throw new ProvisionError('management_failed', `Not as it was set:\n${rest.flatMap(inWords).join('\n')}`)
  await sayWhatIsNext(session, service.APP_BASE_URL ?? '')
}

/** What is to be done now, and what that follows from. */
async function compare(
  { settings: { trusted }, work }: Session,
  service: Variables,
): Promise<Plan & { actual: Actual }> {
  const env = readEnvFile(work.envFile)
  const there = await work.tenant.read(
    ({ name, strategy }) => trusted.includes(name) || trusted.includes(strategy),
  )
  const actual = { ...there, env, fingerprints: work.journal.fingerprints }
  return { ...plan(work.desired({ ...service, ...env }), actual, service, trusted), actual }
}

/**
 * Goes on with a yes only.
 *
 * @throws {ProvisionError} `cancelled`, or `confirmation_needed` where nobody is there to say it.
 */
export async function confirmed({ terminal }: Session, mode: Mode, question: string): Promise<void> {
  if (mode === 'unasked') return
  if (!terminal.isInteractive)
    throw new ProvisionError('confirmation_needed', 'Nobody is there to say yes: pass --yes.')
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
