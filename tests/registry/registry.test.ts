import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

/** What `npx shadcn add` accepts, as far as we use it: https://ui.shadcn.com/schema/registry.json */
const Registry = z.strictObject({
  $schema: z.literal('https://ui.shadcn.com/schema/registry.json'),
  name: z.string().min(1),
  homepage: z.url(),
  items: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z-]*$/),
        type: z.literal('registry:block'),
        title: z.string().min(1),
        description: z.string().min(1),
        files: z
          .array(
            z.strictObject({
              path: z.string(),
              type: z.enum(['registry:component', 'registry:lib']),
              target: z.string().regex(/^components\/[a-z-]+\/[a-z-]+\.tsx?$/),
            }),
          )
          .min(1),
        docs: z.string(),
      }),
    )
    .min(1),
})
const read = (path: string) => readFileSync(path, 'utf8')
const { items } = Registry.parse(JSON.parse(read('registry.json')))
const files = items.flatMap((item) => item.files)
const importsOf = (path: string) => [...read(path).matchAll(/from '([^']+)'/g)].map(([, name = '']) => name)

describe('registry.json', () => {
  it('is where `npx shadcn add OWNER/REPO/ITEM` looks, and has the item', () => {
    expect(items.map(({ name }) => name)).toEqual(['sign-in-methods'])
  })

  it('lists every file of the registry, once', () => {
    const there = readdirSync('registry', { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.\w+$/.test(name))
      .map((name) => join('registry', name))
    expect(files.map(({ path }) => path).toSorted()).toEqual(there.toSorted())
    expect(new Set(files.map(({ target }) => target)).size).toBe(files.length)
    expect(files.filter(({ path }) => !existsSync(path))).toEqual([])
  })

  it.each(files)(
    '$path needs React, Next.js and files that come with it, and nothing else',
    ({ path, target }) => {
      const others = importsOf(path).filter((name) => !['react', 'next/navigation'].includes(name))
      const targets = files.map((file) => file.target.replace(/\.tsx?$/, ''))
      expect(others.filter((name) => !targets.includes(normalize(join(dirname(target), name))))).toEqual([])
    },
  )
})

describe('examples/next', () => {
  it('names the versions that are installed here', () => {
    const root = JSON.parse(read('package.json'))
    const { dependencies, devDependencies } = JSON.parse(read('examples/next/package.json'))
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      expect([name, version]).toEqual([name, { ...root.dependencies, ...root.devDependencies }[name]])
  })
})
