import { onContinuePostLogin, onExecutePostLogin } from '@/action/action'
import { type anActionPlatform, GOOGLE, PASSWORD } from './platform'

/** Identity of Ann's password account, as in a response token. */
export const ANN = { user_id: PASSWORD, provider: 'auth0', connection: 'db' }
/** Identity of Ann's Google account. */
export const ANN_G = { user_id: GOOGLE, provider: 'google-oauth2', connection: 'google-oauth2' }

/** Functions for logins that the Action has redirected, and that wait for a response token of the linking service. */
export function aWaitingLogin(platform: ReturnType<typeof anActionPlatform>) {
  /** Logs in until the Action redirects to the service, then clears what the platform has recorded. */
  async function ask() {
    await onExecutePostLogin(platform.event, platform.api)
    const asked = platform.asked()
    Object.assign(platform, { calls: [], effects: [], limits: [], pauses: [] })
    return asked
  }
  /** The claims of a response token that links. */
  const good = ({ txn }: { txn: string }) => ({
    iss: 'https://app.example',
    purpose: 'account-link.result',
    sub: platform.event.user.user_id,
    txn,
    result: 'link',
    primary_identity: ANN,
    secondary_identity: ANN_G,
  })
  return {
    ask,
    good,
    /** Logs in, and comes back with a response token that links, in which `claims` replace some claims. */
    async answer(claims: Record<string, unknown> = {}) {
      platform.answer = { ...good(await ask()), ...claims }
      await onContinuePostLogin(platform.event, platform.api)
    },
    /** The `api` functions that the Action called, without those that read the token and store the offer. */
    done: () => platform.effects.filter(([name]) => name !== 'validateToken' && name !== 'setMetadata'),
  }
}
