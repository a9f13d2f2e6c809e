/** Path of the page "Sign-in methods". */
export const SIGN_IN_METHODS_PATH = '/settings/connected-accounts'
/** Path to which the tenant redirects after the sign-in that proves an account. It is registered as a callback URL. */
export const CALLBACK_PATH = `${SIGN_IN_METHODS_PATH}/callback` as const

/** Path of the page that shows what disconnecting an identity would do, and asks the person to confirm it. */
export function disconnectPath(identity: string, isUndo: boolean): `/${string}` {
  return `${SIGN_IN_METHODS_PATH}/disconnect?${new URLSearchParams({ identity, ...(isUndo && { undo: '1' }) })}`
}

/** Path of the page that shows what connecting the proven account would do, and asks the person to confirm it. */
export function confirmPath(flow: string): `/${string}` {
  return `${SIGN_IN_METHODS_PATH}/confirm?${new URLSearchParams({ flow })}`
}
