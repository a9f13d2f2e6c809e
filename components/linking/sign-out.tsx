import { Tiles, type TileView } from '../ui/account-tile'

/** An account that the browser is left signed in to at the tenant. */
export interface SignOutView {
  tile: TileView
  label: string
  href: string
}

/** Shows which account the browser is left signed in to, and offers to sign out of it. */
export function SignOut({ signOut: { tile, label, href } }: { signOut: SignOutView }) {
  return (
    <>
      <Tiles tiles={[tile]} />
      <SignOutLink label={label} href={href} />
    </>
  )
}

/** The link that signs out at the tenant and comes back. */
export function SignOutLink({ label, href }: Omit<SignOutView, 'tile'>) {
  return (
    <a className="touch" href={href}>
      {label}
    </a>
  )
}
