/**
 * The post-login Action: finds other accounts of the person who logs in, sends the browser to the linking service to ask
 * and to have the other account proven, and makes the link when the person comes back.
 *
 * Whatever goes wrong here, a login that was good without linking stays good.
 *
 * @see {@link https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger Login trigger}
 * @module
 */
import type { CallFailure } from '../core'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { discover } from './discover'
import { log } from './log'
import { resume } from './resume'
import { readSettings } from './settings'

/** Runs at every login; sends the browser away only where there is an account to offer. */
export const onExecutePostLogin = (event: PostLoginEvent, api: PostLoginApi): Promise<void> =>
  run(discover, event, api)

/** Runs when the browser comes back from the linking service. */
export const onContinuePostLogin = (event: PostLoginEvent, api: PostLoginApi): Promise<void> =>
  run(resume, event, api)

let isWarned = false

async function run(handler: typeof discover, event: PostLoginEvent, api: PostLoginApi): Promise<void> {
  const settings = readSettings(event.secrets)
  const problem = settings ? settings.unreadable.join(' ') : 'secrets_missing'
  // Once for as long as this instance of the Action lives.
  if (problem && !isWarned) {
    if (settings) log('list_entry_unreadable', { entries: problem })
    else log(problem)
  }
  isWarned ||= problem !== ''
  try {
    if (settings) await handler(event, api, settings)
  } catch (error) {
    // The message of an unforeseen error may hold anything; its name does not.
    const { status, name } = error as CallFailure & Error
    log(`${handler.name}_failed`, { error: `${status ?? name}` })
  }
}
