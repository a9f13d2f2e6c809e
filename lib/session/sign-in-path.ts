import 'server-only'

/** The path that starts a sign-in. Afterwards the browser returns to `returnTo`. */
export function signInPath(returnTo: string): `/${string}` {
  return `/auth/login?${new URLSearchParams({ returnTo })}`
}

/**
 * The path that starts a sign-in in which the person must prove who they are again, even if they have a session at the tenant.
 */
export function freshSignInPath(returnTo: string): `/${string}` {
  return `/auth/login?${new URLSearchParams({ returnTo, max_age: '0' })}`
}
