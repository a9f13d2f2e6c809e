import { DateText, type DateView } from '../ui/date'

/** Says how the last attempt to link an account during a login ended, if it failed. */
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
