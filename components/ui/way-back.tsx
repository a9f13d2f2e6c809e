/** The return link to the application that a person came from. */
export function WayBackLink({ href, label }: { href: string; label: string }) {
  return (
    <nav>
      <a href={href} className="touch before:me-2 before:content-['‹'] rtl:before:content-['›']">
        {label}
      </a>
    </nav>
  )
}
