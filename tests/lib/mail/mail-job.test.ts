import { describe, expect, it } from 'vitest'
import { MailJob, mailJobsOf } from '@/lib/mail/mail-job'
import { anEvent } from '../events/an-event'

const AT = new Date('2026-11-24T09:00:00.000Z')

describe('mailJobsOf', () => {
  it.each(['account.linked', 'account.unlinked', 'account.restored'] as const)(
    'creates a job for each account of %s, without an address',
    (type) => {
      const jobs = mailJobsOf(anEvent({ type }), AT)
      expect(jobs.map(({ to }) => to)).toEqual(['account', 'other'])
      expect(JSON.stringify(jobs)).not.toContain('@')
      for (const job of jobs)
        expect(MailJob.safeParse(JSON.parse(JSON.stringify(job))).data).toEqual(
          JSON.parse(JSON.stringify(job)),
        )
    },
  )

  it('keeps how the change was made', () => {
    const jobs = mailJobsOf(anEvent({ way: 'operator' }), AT)
    expect(jobs.map((job) => MailJob.parse(job).way)).toEqual(['operator', 'operator'])
  })

  it('creates one job if no other account is known', () => {
    expect(mailJobsOf({ ...anEvent(), other: undefined }, AT)).toHaveLength(1)
  })

  const removed = { ...anEvent({ type: 'account.removed', email: 'g@example.org' }), other: undefined }
  it('keeps the address of a removed account if it was verified', () => {
    expect(mailJobsOf({ ...removed, isEmailVerified: true, formerlyIn: 'auth0|ann' }, AT)).toEqual([
      expect.objectContaining({ to: 'account', email: 'g@example.org', formerlyIn: 'auth0|ann' }),
    ])
  })
  it.each([undefined, false])('creates none for a removed, unverified account: %j', (isEmailVerified) => {
    expect(mailJobsOf({ ...removed, isEmailVerified }, AT)).toEqual([])
  })

  it.each([
    'account.link_refused',
    'account.link_declined',
    'account.link_disputed',
    'account.change_disputed',
  ] as const)('creates no job for %s', (type) => {
    expect(mailJobsOf(anEvent({ type }), AT)).toEqual([])
  })
})
