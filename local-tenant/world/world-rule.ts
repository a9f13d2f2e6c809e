/**
 * Rules in the world JSON, the description of a tenant (see `world.ts`).
 * @module
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { StoredRule } from '../model'

/** The schema of a Rule in a world. */
export const WorldRule = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1),
  script: z.string().optional(),
  order: z.number().int().optional(),
  enabled: z.boolean().optional(),
  stage: z.enum(['login_success', 'login_failure', 'pre_authorize']).optional(),
})

/** A Rule in a world, before defaults. */
export type WorldRule = z.input<typeof WorldRule>

/**
 * Completes a Rule of a world. By default, the Rule is enabled.
 *
 * @param rule - The Rule from the world.
 * @param index - Its index in the world.
 * @see https://auth0.com/docs/api/management/v2/rules/get-rules
 */
export function toStoredRule(rule: WorldRule, index: number): StoredRule {
  const hash = createHash('sha256').update(rule.name).digest('hex')
  return {
    script: 'function (user, context, callback) {\n  callback(null, user, context);\n}',
    order: index + 1,
    enabled: true,
    stage: 'login_success',
    ...rule,
    id: rule.id ?? `rul_${hash.slice(0, 16)}`,
  }
}
