import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROJECT_NODE, type VercelBuild, vercelBuild } from './support/docs/vercel-build'

describe('vercel build', () => {
  let built: VercelBuild
  beforeAll(async () => {
    built = await vercelBuild()
  }, 300_000)
  afterAll(() => built?.remove())

  it('makes a function of everything under /link, apart from the pages', () => {
    const link = built.functionOf('link')
    for (const step of ['prompt', 'authenticate', 'callback', 'confirm', 'finish', 'wrong-account'])
      expect(built.functionOf(`link/${step}`).place).toBe(link.place)
    for (const path of [
      'index',
      'healthz',
      'settings/connected-accounts',
      'settings/connected-accounts/callback',
    ])
      expect(built.functionOf(path).place).not.toBe(link.place)
  })

  it('gives a step of a login a shorter time limit than a page', () => {
    expect(built.functionOf('link').maxDuration).toBe(15)
    expect(built.functionOf('settings/connected-accounts').maxDuration).toBe(30)
    // The drain computes from its own `maxDuration` when it starts no more jobs.
    const said = /maxDuration = (\d+)/.exec(readFileSync('app/tasks/drain/route.ts', 'utf8'))?.[1]
    expect(built.functionOf('tasks/drain').maxDuration).toBe(Number(said))
  })

  it('runs on the newest Node.js that package.json allows, whatever the project’s settings say', () => {
    expect(PROJECT_NODE).toBe('22.x')
    const runtimes = ['link', 'settings/connected-accounts'].map((path) => built.functionOf(path).runtime)
    expect(runtimes).toEqual(['nodejs24.x', 'nodejs24.x'])
  })

  it('ships /link without the libraries of the settings page', () => {
    const { packages } = built.functionOf('link')
    expect([...packages]).toEqual(expect.arrayContaining(['jose', 'openid-client', '@redis/client']))
    const settings = ['auth0', '@auth0/nextjs-auth0', 'auth0-js']
    expect(settings.filter((name) => packages.has(name))).toEqual([])
    // Proves that the search can find these packages: other functions have them.
    const others = ['settings/connected-accounts', 'settings/connected-accounts/browser'].map(
      built.functionOf,
    )
    expect(settings.filter((name) => !others.some((other) => other.packages.has(name)))).toEqual([])
  })

  it('ships BullMQ with functions that create or run jobs, and /link without it', () => {
    const carries = (path: string) => {
      const { packages, carried } = built.functionOf(path)
      return packages.has('bullmq') || carried.has('bullmq')
    }
    expect(['tasks/drain', 'events', 'settings/connected-accounts'].filter((path) => !carries(path))).toEqual(
      [],
    )
    expect(carries('link')).toBe(false)
  })

  it('ships nodemailer with functions that create or send mails, and /link without it', () => {
    const carries = (path: string) => {
      const { packages, carried } = built.functionOf(path)
      return packages.has('nodemailer') || carried.has('nodemailer')
    }
    const mailing = ['tasks/drain', 'events', 'settings/connected-accounts', 'not-me']
    expect(mailing.filter((path) => !carries(path))).toEqual([])
    expect(carries('link')).toBe(false)
  })

  it('keeps /link small', () => {
    expect(built.functionOf('link').size).toBeLessThan(7_000_000)
  })
})
