import { DateText, type DateView } from '../ui/date'

/** How the last attempt to connect an account at sign-in ended, if it did not end well. */
export function LastOutcomeNotice({ text, date }: { text: string; date: DateView }) {
  return (
    <div className="note warn">
      <p>{text}</p>
      <p className="small">
        <DateText date={date} />
      </p>
    </div>
  )
}
