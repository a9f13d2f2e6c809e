import type { Desired, DesiredClient, Part } from './desired'

/** What of {@link Desired} depends on by whose token the page links. */
type ByAuthority = Pick<Desired, 'clients' | 'parts' | 'callers'>

/**
 * What the applications need beside what their files say.
 *
 * @param clients - As their files describe them.
 * @param authority - `LINKING_AUTHORITY`. The Action has an application of its own in any case.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link user accounts}
 */
export function byAuthority(
  clients: Record<Part, DesiredClient>,
  authority: string | undefined,
): ByAuthority {
  const { settings, proof } = clients
  switch (authority) {
    case 'linking-client':
      return {
        clients: { ...clients, proof: { ...proof, ...joined('grant_types', proof, clients.management) } },
        parts: ['settings', 'proof', 'management'],
        callers: ['management', 'proof'],
      }
    case 'user': {
      const addresses = {
        ...joined('callbacks', proof, settings),
        ...joined('allowed_logout_urls', proof, settings),
      }
      return {
        clients: { ...clients, proof: { ...proof, ...addresses } },
        parts: ['proof', 'management'],
        callers: ['management'],
      }
    }
    default:
      return { clients, parts: ['settings', 'proof', 'management'], callers: ['management'] }
  }
}

function joined(field: string, ...clients: DesiredClient[]): Record<string, unknown> {
  return { [field]: clients.flatMap(({ [field]: list }) => (Array.isArray(list) ? list : [])) }
}
