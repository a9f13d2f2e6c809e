/** A moment, for people and for programs. */
export interface DateView {
  /** ISO 8601. */
  iso: string
  text: string
}

/** A moment. */
export function DateText({ date }: { date: DateView }) {
  return <time dateTime={date.iso}>{date.text}</time>
}
