/**
 * The post-login Action. It finds other accounts of the person who logs in, and sends the browser to the linking service,
 * which asks the person and has the other account proven. When the browser comes back, the Action links the two.
 *
 * If anything fails here, a login that would succeed without linking still succeeds.
 *
 * @see {@link https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger Login trigger}
 * @module
 */
import { type CallFailure, isConnectionList } from '../core'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { discover } from './discover'
import { log } from './log'
import { resume } from './resume'
import { readSettings, type Settings } from './settings'

/** Runs at every login; sends the browser to the linking service only if there is an account to offer. */
export const onExecutePostLogin = (event: PostLoginEvent, api: PostLoginApi): Promise<void> =>
  run(discover, 'discover_failed', event, api)

/** Runs when the browser comes back from the linking service. */
export const onContinuePostLogin = (event: PostLoginEvent, api: PostLoginApi): Promise<void> =>
  run(resume, 'resume_failed', event, api)

let isWarned = false

/** Logs what is wrong with the settings, once per instance of the Action. */
function warnOnce(settings: Settings | undefined): void {
  if (isWarned) return
  const { problems = [] } = settings ?? {}
  isWarned = !settings || problems.length > 0
  if (!settings) log('secrets_missing')
  for (const { option, unreadable } of problems)
    if (isConnectionList(option)) log('list_entry_unreadable', { entries: unreadable.join(' ') })
    // Log the option's name only: its text may be a secret that was pasted into the wrong field.
    else log('option_unknown', { option: option.name })
}

/** Runs a handler with the Action's settings. Logs an error instead of throwing it, so that the login goes on. */
async function run(
  handler: typeof discover,
  failure: string,
  event: PostLoginEvent,
  api: PostLoginApi,
): Promise<void> {
  const settings = readSettings(event.secrets)
  warnOnce(settings)
  try {
    if (settings) await handler(event, api, settings)
  } catch (error) {
    // Log the error's status or name only: its message may hold a secret or personal data.
    const { status, name } = error as CallFailure & Error
    log(failure, { error: `${status ?? name}` })
  }
}
