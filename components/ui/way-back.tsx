/** The way back to the application that a person came from: a link that they press, and nothing else. */
export function WayBackLink({ href, label }: { href: string; label: string }) {
  return (
    <nav>
      <a href={href} className="touch">
        <span aria-hidden="true" className="me-2 rtl:-scale-x-100">
          ‹
        </span>
        {label}
      </a>
    </nav>
  )
}
