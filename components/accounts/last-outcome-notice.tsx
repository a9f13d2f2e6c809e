import { DateText, type DateView } from '../ui/date'

/** How the last attempt to connect an account at sign-in ended, if it did not end well. */
export function LastOutcomeNotice({ text, date }: { text: string; date: DateView }) {
  return (
    <p className="mb-8 rounded-2xl bg-warn-soft px-5 py-4 text-warn sm:px-6">
      {text} (<DateText date={date} />)
    </p>
  )
}
