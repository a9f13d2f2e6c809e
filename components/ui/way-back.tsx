/** The way back to the application that a person came from: a link that they press, and nothing else. */
export function WayBackLink({ href, label }: { href: string; label: string }) {
  return (
    <nav className="mx-auto w-full max-w-4xl px-5 pt-6">
      <a
        href={href}
        className="inline-flex min-h-11 items-center text-accent-ink underline underline-offset-4 [overflow-wrap:anywhere]"
      >
        {label}
      </a>
    </nav>
  )
}
