import { FlowBrowser } from '../../../support/browser/flow-browser'
import { BUTTONS } from '../../../support/flow/flow'
import { EXCEPT_SESSIONS } from '../../../support/flow/tenant'
import type { Findings } from '../figure'
import type { Stage } from '../stage'

const LOGINS = 100

/** Calls of the Management API, of which a tenant allows two to sixteen a second. */
export async function calls({ flow }: Stage): Promise<Findings> {
  const count = async () => (await flow.tenant.calls(EXCEPT_SESSIONS)).length

  await flow.tenant.reset()
  for (let login = 0; login < LOGINS; login += 1) await flow.signIn(new FlowBrowser(), 'dee@example.com')
  const nothing = await count()

  await flow.tenant.reset()
  const ann = new FlowBrowser()
  await ann.press(await flow.annAtConfirm(ann), BUTTONS.link)
  const link = await count()
  const linked = await flow.tenant.user('auth0|ann')
  if (linked?.identities.length !== 2) throw new Error('Ann is not linked')

  return {
    figures: [
      {
        name: 'Management API calls for 100 logins of a user with nothing to link',
        ours: nothing,
        unit: 'calls',
        other: { name: 'a lookup at every login', value: LOGINS },
        target: { of: 'ours', most: 1 },
      },
      {
        name: 'Management API calls for one completed link, lookup included',
        ours: link,
        unit: 'calls',
        target: { of: 'ours', most: 4 },
      },
    ],
  }
}
