import type { SignInMethod } from './read-sign-in-methods'

/** The date of a link as people write it. Without the time, so that it is the same wherever the server runs. */
const dateOf = (linkedAt: string) =>
  new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(linkedAt))

/** The ways to sign in, the main one first. */
export function SignInMethodList({ methods }: { methods: SignInMethod[] }) {
  return (
    <ul className="divide-y divide-neutral-200 dark:divide-neutral-800">
      {methods.map(({ label, primary, linked_at: linkedAt }, index) => (
        // Two accounts of one provider have one label, and nothing else that tells them apart.
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is rendered once
        <li key={index} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
          <span className="font-medium text-neutral-900 dark:text-neutral-100">{label}</span>
          {primary && <span className="text-sm text-neutral-600 dark:text-neutral-400">Main</span>}
          {linkedAt !== null && (
            <span className="text-sm text-neutral-600 dark:text-neutral-400">
              Since <time dateTime={linkedAt}>{dateOf(linkedAt)}</time>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
