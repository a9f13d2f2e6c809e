import 'server-only'
import { after } from 'next/server'
import { logEvent } from './log'

/**
 * Does work once the answer to the request has gone out. If there is no request, the work starts at once and the caller does not
 * wait for it. A server that is asked to stop finishes the work first.
 *
 * @param work - Its errors are logged and not thrown.
 * @see {@link https://nextjs.org/docs/app/api-reference/functions/after after}
 */
export function afterAnswer(work: () => Promise<void>): void {
  const safely = async () => {
    try {
      await work()
    } catch {
      logEvent('event_lost', { code: 'internal' })
    }
  }
  try {
    after(safely)
  } catch {
    // Outside of a request there is no answer to wait for.
    void safely()
  }
}
