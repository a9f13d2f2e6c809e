/**
 * A tenant with more connections than a page of them lists.
 * @module
 */

/** Six hundred enterprise connections, and behind them the two that Dee signs in with. */
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
