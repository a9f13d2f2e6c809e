import 'server-only'
import { timingSafeEqual } from 'node:crypto'
import { LinkingError } from '@/lib/linking/errors'
import type { LinkTransaction } from '../session/transaction-shape'
import { refusalOfFlow } from './refusal'
import { requireFlow } from './require-flow'

/**
 * The open flow whose document sent a form.
 *
 * @param fields - `flow` and `csrf`.
 * @throws {LinkingError} `csrf` where the form was made for another flow; else as {@link requireFlow}.
 */
export async function submittedFlow(
  request: Request,
  fields: ReadonlyMap<string, string>,
): Promise<LinkTransaction> {
  const transaction = await requireFlow(request, fields.get('flow'))
  const expected = Buffer.from(transaction.csrf)
  const given = Buffer.from(fields.get('csrf') ?? '')
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw refusalOfFlow(new LinkingError('csrf'), transaction)
  return transaction
}
