import { describe, expect, it } from 'vitest'
import { parseConfig } from '@/lib/config/config'
import { isSmtpUrl, parseSmtpSettings } from '@/lib/config/smtp'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

const FROM = 'Example <accounts@example.com>'
const problems = (environment: Record<string, string>) => {
  const parsed = parseConfig({ ...APP_ENVIRONMENT, ...environment })
  return 'problems' in parsed ? parsed.problems : []
}

describe('isSmtpUrl', () => {
  it.each([
    'smtps://mail.example.com',
    'smtp://u:p@mail.example.com:587/',
    'smtp://[::1]:25',
    'smtp://127.0.0.1:4425',
  ])('is true for %s', (url) => {
    expect(isSmtpUrl(url)).toBe(true)
  })
  it.each([
    'https://mail.example.com',
    'mail.example.com',
    'smtp://',
    'smtp://h/x',
    'smtp://h?tls=no',
    'smtp://user@h',
    'toString://h',
  ])('is false for %s', (url) => {
    expect(isSmtpUrl(url)).toBe(false)
  })
})

describe('parseSmtpSettings', () => {
  it('parses a URL, with the default ports of mail submission', () => {
    expect(parseSmtpSettings('smtps://a%40b:p%2Fw@mail.example.com', FROM)).toEqual({
      ...{ host: 'mail.example.com', port: 465, isTls: true, isOnLoopback: false, from: FROM },
      login: { user: 'a@b', pass: 'p/w' },
    })
    expect(parseSmtpSettings('smtp://mail.example.com', FROM)).toMatchObject({
      port: 587,
      isTls: false,
      login: undefined,
    })
    expect(parseSmtpSettings('smtp://[::1]:25', FROM)).toMatchObject({
      host: '::1',
      port: 25,
      isOnLoopback: true,
    })
  })
  it('is undefined without a URL', () => {
    expect(parseSmtpSettings(undefined, FROM)).toBeUndefined()
  })
})

describe('the environment', () => {
  const SMTP_URL = 'smtps://user:secret-word@mail.example.com'

  it('accepts both variables, or none of them', () => {
    expect(problems({ SMTP_URL, MAIL_FROM: FROM })).toEqual([])
    expect(problems({ SMTP_URL, MAIL_FROM: 'accounts@example.com' })).toEqual([])
    expect(problems({})).toEqual([])
  })
  it('requires a sender if a server is set', () => {
    expect(problems({ SMTP_URL })).toEqual(['MAIL_FROM is missing'])
  })
  it.each(['x', 'a@b, c@d', 'A <a@b>\r\nBcc: c@d', 'A <a@b> <c@d>', '<a b@c>'])(
    'refuses the sender %j',
    (MAIL_FROM) => {
      expect(problems({ SMTP_URL, MAIL_FROM })).toEqual([expect.stringMatching(/^MAIL_FROM must look like/)])
    },
  )
  it('reveals nothing of a refused value', () => {
    const [problem] = problems({ SMTP_URL: 'imap://user:secret-word@h', MAIL_FROM: FROM })
    expect(problem).toMatch(/^SMTP_URL must look like/)
    expect(problem).not.toContain('secret-word')
  })
  it('turns mails off if links are made with the person’s own token', () => {
    expect(
      problems({
        SMTP_URL,
        MAIL_FROM: FROM,
        LINKING_AUTHORITY: 'user',
        CONNECT_CONNECTIONS: 'google-oauth2',
      }),
    ).toEqual(['SMTP_URL cannot be used with LINKING_AUTHORITY=user'])
  })
})
