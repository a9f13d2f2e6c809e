/**
 * An operator's rule: which pairs a plan names.
 * @module
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { emailKey, isNamed, type LinkingUser, parseListEntry } from '../../core'
import { MAX_DECIDED_ACCOUNTS } from '../../core/bulk/decide-group'
import { DuplicatesError } from './error'

const Connections = z
  .array(
    z.string().refine((entry) => ['provider', 'connection'].includes(parseListEntry(entry).kind), {
      message: 'must be a strategy of Auth0, or strategy:connection',
    }),
  )
  .min(1)

/** The content of `--rule FILE`. That both addresses are verified is no part of it: they always have to be. */
export const PlanRule = z.strictObject({
  /** Connections of the account that stays, and of the one that ends. */
  connections: z.strictObject({ stays: Connections, ends: Connections }),
  /** What stands behind the `@` of the address. */
  domains: z
    .array(
      z
        .string()
        .regex(/^[^@\s]+$/)
        .toLowerCase(),
    )
    .min(1)
    .optional(),
  /** Addresses that more accounts have are left out. */
  most_accounts: z.number().int().min(2).max(MAX_DECIDED_ACCOUNTS).default(2),
  /** Both accounts were made before this day. */
  created_before: z.union([z.iso.date(), z.iso.datetime()]).optional(),
  /** How the operator knows that two such accounts are one person's. */
  because: z.string().trim().min(1),
})

/** @see {@link PlanRule} */
export type PlanRule = z.output<typeof PlanRule>

/**
 * Reads a rule.
 *
 * @throws {DuplicatesError} `bad_rule` with the field, `file_unreadable`.
 */
export function readRule(path: string): PlanRule {
  const { data, error } = PlanRule.safeParse(parse(readText(path)))
  const [issue] = error?.issues ?? []
  if (data) return data
  throw new DuplicatesError('bad_rule', `${issue?.path.join('.') || 'The rule'}: ${issue?.message}.`)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new DuplicatesError('file_unreadable', `${path}: ${Object(error).code}`, { cause: error })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DuplicatesError('bad_rule', 'The file is no JSON.')
  }
}

/** Whether a rule is about an address with so many accounts. */
export function isAboutAddress(
  { domains, most_accounts: most }: PlanRule,
  email: unknown,
  size: number,
): boolean {
  const domain = emailKey(email).split('@').at(-1) ?? ''
  return size <= most && (!domains || domains.includes(domain))
}

/** Whether a rule is about an account, as the one that stays or the one that ends. */
export function isAboutAccount(
  { connections, created_before: before }: PlanRule,
  user: LinkingUser,
): boolean {
  const isOld = !before || Date.parse(user.created_at ?? '') < Date.parse(before)
  return isOld && [connections.stays, connections.ends].some((list) => isOf(user, list))
}

/** Whether a rule names a pair in this order. */
export const namesPair = ({ connections }: PlanRule, stays: LinkingUser, ends: LinkingUser): boolean =>
  isOf(stays, connections.stays) && isOf(ends, connections.ends)

/** Whether the account's own connection, whose word the address is, stands in a list. */
const isOf = ({ identities: [own] }: LinkingUser, list: string[]): boolean =>
  own !== undefined && isNamed(own, list)
