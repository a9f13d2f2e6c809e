/** Path of the page "Sign-in methods". */
export const PAGE = '/settings/connected-accounts'
/** Path to which the tenant redirects after the sign-in that proves ownership of an account. It is registered as a callback URL. */
export const CALLBACK_PATH = `${PAGE}/callback` as const

/** Path of the page that shows what disconnecting an identity would do, and asks the person to confirm it. */
export function disconnectPath(identity: string, isUndo: boolean): `/${string}` {
  return `${PAGE}/disconnect?${new URLSearchParams({ identity, ...(isUndo && { undo: '1' }) })}`
}

/** Path of the page that shows what connecting the proven account would do, and asks the person to confirm it. */
export function confirmPath(flow: string): `/${string}` {
  return `${PAGE}/confirm?${new URLSearchParams({ flow })}`
}
