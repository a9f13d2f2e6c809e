import { onContinuePostLogin, onExecutePostLogin } from '@/action/action'
import { type anActionPlatform, GOOGLE, PASSWORD } from './platform'

/** The identities of both accounts, as an answer names them. */
export const ANN = { user_id: PASSWORD, provider: 'auth0', connection: 'db' }
export const ANN_G = { user_id: GOOGLE, provider: 'google-oauth2', connection: 'google-oauth2' }

/** A login that waits for the linking service's answer. */
export function aWaitingLogin(platform: ReturnType<typeof anActionPlatform>) {
  /** Has a login wait for an answer; what is recorded then begins with that. */
  async function ask() {
    await onExecutePostLogin(platform.event, platform.api)
    const asked = platform.asked()
    Object.assign(platform, { calls: [], effects: [], limits: [], pauses: [] })
    return asked
  }
  /** The claims of an answer that links. */
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
    /** Answers the waiting login, with claims laid over a good answer. */
    async answer(claims: Record<string, unknown> = {}) {
      platform.answer = { ...good(await ask()), ...claims }
      await onContinuePostLogin(platform.event, platform.api)
    },
    /** What happened to the login beside reading and forgetting. */
    done: () => platform.effects.filter(([name]) => name !== 'validateToken' && name !== 'setMetadata'),
  }
}
