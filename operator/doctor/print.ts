import { maskEmail } from '../../lib/messages/mask-email'
import { CATALOGUE, type Finding, type Severity } from './catalogue'
import type { SimulatedLogin } from './go-through-logins'

/** Anything that may be an email address, including those inside user ids. */
const EMAIL_ADDRESS = /[^\s|"',()]+@[^\s|"',()]+\.[^\s|"',().]+/g

/** Masks every email address in a text. */
export const withoutAddresses = (text: string) => text.replace(EMAIL_ADDRESS, maskEmail)

const MARK: Record<Severity, string> = { error: '✗', warning: '!', note: '·' }
const SEVERITIES = ['error', 'warning', 'note'] as const

/**
 * Formats findings for people, the most severe first.
 *
 * @returns Lines of text.
 */
export function formatFindings(findings: Finding[]): string[] {
  const of = (severity: Severity) => findings.filter((each) => each.severity === severity)
  const lines = SEVERITIES.flatMap(of).flatMap(({ code, severity, what, why, fix }) => [
    `${MARK[severity]} ${code}: ${what}`,
    `    Why: ${why}`,
    `    Fix: ${fix}`,
  ])
  const counts = SEVERITIES.map((severity) => `${of(severity).length} ${severity}s`).join(', ')
  return [...lines, `${counts}; ${Object.keys(CATALOGUE).length} kinds of problems checked.`]
}

/**
 * Formats a simulated login for people.
 *
 * @returns Lines of text.
 */
export function loginInWords({ user_id: id, steps }: SimulatedLogin): string[] {
  return [
    '',
    `If ${id} signed in now, with the Action's settings as far as they are known here:`,
    ...steps.map(({ question, answer }) => `    ${question} ${answer}`),
  ]
}

/** The exit status: 2 if there are errors, 1 if there are only warnings, otherwise 0. */
export function statusOf(findings: Finding[]): number {
  const has = (severity: Severity) => findings.some((each) => each.severity === severity)
  return has('error') ? 2 : has('warning') ? 1 : 0
}
