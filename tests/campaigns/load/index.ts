/**
 * The program behind `npm run load`.
 * @module
 */

import type { FlowDemo } from '../../support/flow/demo'
import { Flow } from '../../support/flow/flow'
import { LIMIT, type LoadReport, linkUnderLimit } from './link-under-limit'

export { startBehindProxy } from '../../support/flow/behind-proxy'

/** Runs {@link linkUnderLimit} at a demo. */
export const runLoad = (demo: FlowDemo, logins: number, say: (line: string) => void): Promise<LoadReport> =>
  linkUnderLimit(new Flow(demo), logins, say)

/** A report as a table for people. */
export function tableOf(report: LoadReport): string {
  const rows: [string, string | number][] = [
    ['completed', report.completed],
    ['linked once', report.linkedOnce],
    ['not linked and noted', report.notLinkedAndNoted],
    ['told, and went on', report.toldAndWentOn],
    ['asked again', report.askedAgain],
    ['known again', report.knownAgain],
    ['not noted', report.notNoted],
    ['reasons', details(report.reasons)],
    ['lost', `${report.lost} ${details(report.ends)}`],
    ['doubled', report.doubled],
    ['metadata lost', report.metadataLost],
    ['median', `${report.median} ms`],
    ['slowest', `${report.slowest} ms`],
    ['Management calls', `${report.calls}, ${report.turnedAway} of them turned away`],
    ['not ended elsewhere', `${report.notEnded} requests`],
    ['limit', `${LIMIT.per_second} a second, ${LIMIT.burst} at once`],
  ]
  return rows.map(([name, value]) => `${name.padEnd(22)}${value}`).join('\n')
}

function details(counts: Record<string, number>): string {
  const list = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  return list.join(', ')
}
