import { maskEmail } from '../../lib/messages/mask-email'
import { CATALOGUE, type Finding, type Severity } from './catalogue'
import type { SimulatedLogin } from './go-through-logins'

/** Anything that may be an address, user ids that hold one included. */
const ADDRESS = /[^\s|"',()]+@[^\s|"',()]+\.[^\s|"',().]+/g

/** Takes whole e-mail addresses out of a text. */
export const withoutAddresses = (text: string) => text.replace(ADDRESS, maskEmail)

const MARK: Record<Severity, string> = { error: '✗', warning: '!', note: '·' }
const ORDER = ['error', 'warning', 'note'] as const

/**
 * What was found, for people: the worst first.
 *
 * @returns Lines.
 */
export function inWords(findings: Finding[]): string[] {
  const of = (severity: Severity) => findings.filter((each) => each.severity === severity)
  const lines = ORDER.flatMap(of).flatMap(({ code, severity, what, why, fix }) => [
    `${MARK[severity]} ${code}: ${what}`,
    `    Why: ${why}`,
    `    Fix: ${fix}`,
  ])
  const counts = ORDER.map((severity) => `${of(severity).length} ${severity}s`).join(', ')
  return [...lines, `${counts}; ${Object.keys(CATALOGUE).length} kinds looked for.`]
}

/**
 * A login that was gone through, for people.
 *
 * @returns Lines.
 */
export function loginInWords({ user_id: id, steps }: SimulatedLogin): string[] {
  return [
    '',
    `If ${id} signed in now, as far as the Action's settings are known here:`,
    ...steps.map(({ question, answer }) => `    ${question} ${answer}`),
  ]
}

/** 2 with errors, 1 with warnings, else 0. */
export function statusOf(findings: Finding[]): number {
  const has = (severity: Severity) => findings.some((each) => each.severity === severity)
  return has('error') ? 2 : has('warning') ? 1 : 0
}
