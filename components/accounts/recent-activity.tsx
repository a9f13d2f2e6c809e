import { DateText, type DateView } from '../ui/date'
import { Section } from '../ui/section'

/** A past change of the account's sign-in methods. */
export interface ActivityView {
  key: string
  what: string
  /** The application in which it happened. */
  application: string | undefined
  date: DateView
}

/** The past changes of the account's sign-in methods, newest first. */
export function RecentActivity({ title, entries }: { title: string; entries: ActivityView[] }) {
  return (
    <Section id="activity" title={title}>
      <ol className="mt-2 space-y-2">
        {entries.map(({ key, what, application, date }) => (
          <li key={key}>
            <bdi>{what}</bdi>
            <span className="quiet small block">
              <DateText date={date} />
              {application && (
                <>
                  {' · '}
                  <bdi>{application}</bdi>
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
