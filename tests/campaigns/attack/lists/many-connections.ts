/**
 * A tenant whose connections fill more than one page of a list.
 * @module
 */

/** Six hundred enterprise connections, followed by the two with which Dee signs in. */
export const sixHundredConnections = (): Record<string, unknown>[] => {
  const enterprise = Array.from({ length: 600 }, (_, at) => ({
    name: `customer-${String(at).padStart(3, '0')}`,
    strategy: 'samlp',
  }))
  const ofDee = [
    { name: 'Username-Password-Authentication', strategy: 'auth0' },
    { name: 'github', strategy: 'github' },
  ]
  return [{ connections: [...enterprise, ...ofDee] }]
}
