import 'server-only'
import { hash12 } from '../../../core'
import { turnOffers } from '../../link-flow/offer-switch'
import { SettingsRefusedError } from '../../sign-in-methods/account-refusal'
import type { PlanAct } from './plan'

/** Plans to pause or resume offers in all instances of the service, as `npm run offer` does. */
export const planOffers =
  (isOn: boolean): PlanAct =>
  async (services) => {
    // Without Redis, other processes would not notice the change.
    if (services.redisUrl === undefined) throw new SettingsRefusedError('not_available')
    return {
      effects: isOn
        ? ['Logins offer to link accounts again within half a minute, unless OFFER is off.']
        : [
            'No login offers to link accounts, from a second after you press the button.',
            'Nothing else changes.',
          ],
      digest: await hash12(`offers ${isOn}`),
      async carryOut() {
        await turnOffers(services, isOn)
        return {}
      },
    }
  }
