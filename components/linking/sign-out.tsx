import { Tiles, type TileView } from '../ui/account-tile'

/** An account to which the browser is still signed in at the tenant, and the link to sign out. */
export interface SignOutView {
  tile: TileView
  label: string
  href: string
}

/** Shows to which account the browser is still signed in, and offers to sign out. */
export function SignOut({ signOut: { tile, label, href } }: { signOut: SignOutView }) {
  return (
    <>
      <Tiles tiles={[tile]} />
      <SignOutLink label={label} href={href} />
    </>
  )
}

/** The link that signs the browser out at the tenant and then returns here. */
export function SignOutLink({ label, href }: Omit<SignOutView, 'tile'>) {
  return (
    <a className="touch" href={href}>
      {label}
    </a>
  )
}
