/**
 * The services for sending mails in tests: an SMTP sink, users from a stubbed `fetch`, and a store in memory.
 * @module
 */
import { afterAll, vi } from 'vitest'
import { createBrands } from '@/lib/brand/brand'
import { createSealer } from '@/lib/config/seal'
import { sendMailsWith } from '@/lib/mail/library'
import type { MailJob } from '@/lib/mail/mail-job'
import type { MailServices } from '@/lib/mail/services'
import { memoryStore } from '@/lib/store/memory-store'
import { startSmtpSink } from '@/local-tenant/control/smtp-sink'
import { testConfig } from '../../support/process/services'
import { aManagementApi } from '../../support/tenant/management-calls'

/** The time of the events in these tests. */
export const AT = Date.parse('2026-11-24T09:00:00.000Z')
/** The mail job for a link of Ann's password account with a Google account that has another address. */
export const LINK: MailJob = {
  type: 'account.linked',
  at: AT,
  userId: 'auth0|ann',
  other: { userId: 'google-oauth2|g', connection: 'google-oauth2' },
  clientName: 'Other Company',
  to: 'account',
}
export const SNAPSHOT = {
  at: AT / 1000 - 1,
  user_id: 'google-oauth2|g',
  proof: { way: 'login', client_id: 'demo-other' },
}

/** Ann's account with the linked Google identity. */
export const linkedAnn = (fields: object = {}, profileData: object = {}) => ({
  user_id: 'auth0|ann',
  email: 'ann@example.com',
  email_verified: true,
  identities: [
    { provider: 'auth0', user_id: 'ann', connection: 'Username-Password-Authentication' },
    {
      ...{ provider: 'google-oauth2', user_id: 'g', connection: 'google-oauth2' },
      profileData: { email: 'ann.g@example.org', email_verified: true, ...profileData },
    },
  ],
  // The key ends with the first 12 characters of the hash of `google-oauth2|g`.
  app_metadata: { [SNAPSHOT_KEY]: SNAPSHOT },
  ...fields,
})

const { snapshotKeyOf } = await import('@/core')
export const SNAPSHOT_KEY = await snapshotKeyOf('google-oauth2|g')

/** Starts an SMTP sink, and services that send mails to it. */
export async function aMailer() {
  const { state } = await aManagementApi()
  const sink = await startSmtpSink(() => state, 0)
  afterAll(() => sink.close())
  const config = testConfig({
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    MAIL_FROM: 'Example Inc <accounts@example.com>',
  })
  const { smtp, appBaseUrl, messageOverrides, flowSecret } = config
  if (!smtp) throw new Error('no server')
  const users = new Map<string, object>()
  const authorities = {
    server: () => ({
      origin: 'https://tenant.example',
      customDomain: undefined,
      token: async () => 'token',
      drop: async () => undefined,
    }),
  } as unknown as MailServices['authorities']
  const sealer = createSealer(flowSecret)
  const brands = createBrands({ ...config, store: memoryStore, sealer, authorities })
  const services: MailServices = {
    smtp,
    appBaseUrl,
    messageOverrides,
    store: memoryStore,
    sealer,
    authorities,
    brands,
  }
  /** A status with which the tenant responds instead of sending a user. */
  const answer: { status?: number } = {}
  const begin = () => {
    sendMailsWith(() => import('nodemailer'))
    vi.stubGlobal('fetch', async (url: string) => {
      const user = users.get(decodeURIComponent(url.slice(url.lastIndexOf('/') + 1)))
      return Response.json(user ?? {}, { status: answer.status ?? (user ? 200 : 404) })
    })
  }
  return { state, services, users, answer, begin, sink }
}
