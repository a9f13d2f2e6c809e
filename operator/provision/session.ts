import { join } from 'node:path'
import { ROOT } from '../../scripts/lib/paths.mjs'
import { connect } from '../shared/connect'
import { readDesired } from '../shared/desired'
import { readEnvFile, type Variables } from '../shared/env-file'
import { ProvisionJournal } from '../shared/journal'
import { type Access, Settings } from '../shared/settings'
import type { Terminal } from '../shared/terminal'
import type { ApplyContext } from './apply'

/** What a command needs. */
export interface Session {
  terminal: Terminal
  settings: Settings
  access: Access
  work: Omit<ApplyContext, 'settings'>
  /** Whether to also write one file for each variable: see {@link writeForVercel}. */
  isForVercel: boolean
}

/**
 * Finds out which tenant the command is for, and connects to its Management API.
 *
 * @param terminal - Asks the operator, if it is interactive.
 * @param envFile - Path of the service's environment file, which may be missing.
 * @param isForVercel - Whether to also write one file for each variable.
 * @throws {OperatorError} The errors of `Settings` and `connect`, and `state_unreadable`.
 */
export async function openSession(
  terminal: Terminal,
  envFile: string,
  isForVercel: boolean,
): Promise<Session> {
  const env = readEnvFile(envFile)
  for (const [name, value] of Object.entries(env)) if (/SECRET|REDIS_URL/.test(name)) terminal.hide(value)
  const settings = new Settings(terminal, process.env, env)
  const access = await settings.access()
  const { host } = access.management
  const tenant = await connect(access, terminal)
  const journal = new ProvisionJournal(join('.account-linking', `${host.replace(':', '_')}.json`))
  const desired = (values: Variables) =>
    readDesired(join(ROOT, 'auth0'), { ...values, ...settings.actionSecrets, MANAGEMENT_API_DOMAIN: host })
  const work = {
    tenant,
    journal,
    envFile,
    desired,
    onStep: (words: string) => terminal.step(words),
    onSecret: (secret: string) => terminal.hide(secret),
  }
  return { terminal, settings, access, work, isForVercel }
}
