import type { Flow } from './flow'

/** Gives an account a second factor. */
export async function addFactor(flow: Flow, userId: string): Promise<void> {
  const token = await flow.tenant.managementToken('create:authentication_methods')
  const url = `${flow.demo.tenant}/api/v2/users/${encodeURIComponent(userId)}/authentication-methods`
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'phone',
      name: 'phone',
      phone_number: '+15550100',
      preferred_authentication_method: 'sms',
    }),
  })
  if (response.status !== 201) throw new Error(`The tenant answered ${response.status}.`)
}
