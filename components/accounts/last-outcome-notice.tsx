import type { LastOutcome } from '@/lib/linking'

const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

const SENTENCES: Record<LastOutcome['result'], string> = {
  failed:
    'The last attempt to connect another account of yours did not succeed. Nothing was changed, and you will be asked again when you sign in.',
  unknown:
    'The last attempt to connect another account of yours was interrupted. The list below shows what came of it.',
}

/** How the last attempt to connect an account at sign-in ended, where it did not end well. */
export function LastOutcomeNotice({ outcome }: { outcome: Pick<LastOutcome, 'result' | 'at'> }) {
  const at = new Date(outcome.at * 1000)
  return (
    <p role="status" className="mb-8 rounded-2xl bg-warn-soft px-5 py-4 text-warn sm:px-6">
      {SENTENCES[outcome.result]} <time dateTime={at.toISOString()}>({DATE.format(at)} UTC)</time>
    </p>
  )
}
