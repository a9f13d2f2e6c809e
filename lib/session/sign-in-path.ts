import 'server-only'

/** Where a sign-in that comes back to `returnTo` starts. */
export function signInPath(returnTo: string): `/${string}` {
  return `/auth/login?${new URLSearchParams({ returnTo })}`
}

/** Where a sign-in starts in which the person proves again who they are, whatever session the tenant has of them. */
export function freshSignInPath(returnTo: string): `/${string}` {
  return `/auth/login?${new URLSearchParams({ returnTo, max_age: '0' })}`
}
