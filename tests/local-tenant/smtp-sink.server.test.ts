import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type SmtpSink, startSmtpSink } from '@/local-tenant/control/smtp-sink'
import { aManagementApi } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
let sink: SmtpSink
beforeAll(async () => {
  tenant = await aManagementApi()
  sink = await startSmtpSink(() => tenant.state, 0)
})
afterAll(() => sink.close())
beforeEach(() => tenant.state.reset())

const send = (to = 'ann@example.com') =>
  createTransport({ host: '127.0.0.1', port: sink.port, auth: { user: 'any', pass: 'thing' } }).sendMail({
    ...{
      from: 'Example Inc <accounts@example.com>',
      to,
      subject: 'Größe',
      text: 'Zeile',
      html: '<p>Zeile</p>',
    },
    headers: { 'X-Own': '1' },
  })
const list = async (query = '') => (await tenant.call('GET', `/_tenant/mails${query}`)).body
const options = (smtp: object) => tenant.call('POST', '/_tenant/options', { body: { smtp } })

describe('the SMTP sink', () => {
  it('stores a mail as it was sent, shows it, and forgets it at a reset', async () => {
    await send()
    expect(await list()).toEqual([
      {
        ...{ at: expect.any(String), to: 'ann@example.com', from: 'accounts@example.com', subject: 'Größe' },
        ...{ text: 'Zeile\n', html: '<p>Zeile</p>\n', headers: expect.objectContaining({ 'x-own': '1' }) },
      },
    ])
    expect((await tenant.call('GET', '/_tenant/')).body).toContain('To <strong>ann@example.com</strong>')
    expect(await list('?to=bea@example.com')).toEqual([])
    tenant.state.reset()
    expect(await list()).toEqual([])
  })

  it.each([
    [{ rcpt_status: 550 }, { responseCode: 550, command: 'RCPT TO' }],
    [{ data_status: 451 }, { responseCode: 451 }],
  ])('refuses mails as the option says, until a reset: %j', async (option, error) => {
    await options(option)
    await expect(send()).rejects.toMatchObject(error)
    expect(await list()).toEqual([])
    tenant.state.reset()
    await send()
    expect(await list()).toHaveLength(1)
  })

  it('can be down or slow', async () => {
    await options({ down: true })
    await expect(send()).rejects.toThrow()
    await options({ down: false, delay_ms: 200 })
    const begun = performance.now()
    await send()
    expect(performance.now() - begun).toBeGreaterThanOrEqual(199)
  })

  it.each([{ rcpt_status: 200 }, { delay_ms: -1 }, { up: true }])('refuses the option %j', async (option) => {
    expect((await options(option)).status).toBe(400)
  })
})
