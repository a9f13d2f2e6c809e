import { DateText, type DateView } from '../ui/date'

/** Something that happened to the ways into the account. */
export interface ActivityView {
  key: string
  what: string
  /** The application in which it happened. */
  where: string | undefined
  date: DateView
}

/** What happened to the ways into the account, newest first. */
export function RecentActivity({ title, entries }: { title: string; entries: ActivityView[] }) {
  return (
    <section aria-labelledby="activity" className="mt-12">
      <h2 id="activity" className="text-lg font-semibold">
        {title}
      </h2>
      <ol className="mt-4 space-y-3">
        {entries.map(({ key, what, where, date }) => (
          <li key={key} className="border-l-2 border-edge pl-4">
            <p>
              <bdi>{what}</bdi>
              {where && (
                <>
                  {' '}
                  <bdi>{where}</bdi>
                </>
              )}
            </p>
            <p className="text-sm text-quiet">
              <DateText date={date} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
