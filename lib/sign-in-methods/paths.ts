/** The page "Sign-in methods". */
export const PAGE = '/settings/connected-accounts'
/** Where the tenant's answer arrives after an account was proven; registered there as an allowed callback. */
export const CALLBACK_PATH = `${PAGE}/callback` as const

/** The page on which taking a way in out of the account is shown and confirmed. */
export function disconnectPath(identity: string, isUndo: boolean): `/${string}` {
  return `${PAGE}/disconnect?${new URLSearchParams({ identity, ...(isUndo && { undo: '1' }) })}`
}

/** The page on which connecting a proven account is shown and confirmed. */
export function confirmPath(flow: string): `/${string}` {
  return `${PAGE}/confirm?${new URLSearchParams({ flow })}`
}
