import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { RELEASES } from '../scripts/lib/node.mjs'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const text = read('Dockerfile')
const dockerfile = DockerfileParser.parse(text)
const argumentsOf = (keyword: string) =>
  dockerfile
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArgumentsContent() ?? '')
/** Parses an instruction in exec form, whose JSON array docker runs without a shell. */
const execFormOf = (content: string | undefined): string[] =>
  JSON.parse(/\[.*\]/s.exec(content ?? '')?.[0] ?? '')

describe('Dockerfile', () => {
  it('has nothing that a build would refuse', () => {
    const problems = validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)
    expect(problems).toEqual([])
  })

  it('is checked by a validator that finds problems', () => {
    expect(validate('FROM node\nCOPY one\nRUNN true')).toHaveLength(2)
  })

  it('begins each stage with the pinned release of Node.js 24, and ends as an unprivileged user', () => {
    const images = dockerfile.getFROMs().map((from) => from.getImage())
    expect(new Set(images).size).toBe(1)
    expect(images[0]).toBe(`node:${RELEASES[24]?.version}-slim`)
    expect(argumentsOf('USER')).toEqual(['node'])
  })

  it('starts the server without a shell, so that the server receives signals', () => {
    expect(argumentsOf('ENTRYPOINT')).toEqual([])
    expect(execFormOf(argumentsOf('CMD')[0])).toEqual(['node', 'server.js'])
  })

  it.each([
    ['well', 200, 0],
    ['unwell', 500, 1],
    ['silent', undefined, 1],
  ])('has a health check that recognizes a server that is %s', async (_how, status, expected) => {
    const asked: (string | undefined)[] = []
    const server = createServer(({ url }, response) => {
      asked.push(url)
      if (status) response.writeHead(status).end()
      else response.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const [command = '', ...options] = execFormOf(argumentsOf('HEALTHCHECK')[0])
    const { port } = server.address() as AddressInfo
    const check = spawn(command, options, {
      env: { PATH: process.env.PATH, NODE_ENV: 'test', PORT: `${port}` },
    })
    expect(await once(check, 'exit')).toEqual([expected, null])
    expect(asked).toEqual(['/healthz'])
    server.close()
  })

  it('holds no secret, and copies none', () => {
    expect(argumentsOf('ARG')).toEqual([])
    expect(text).not.toMatch(/^ENV .*(SECRET|KEY|PASSWORD)/m)
    const ignored = read('.dockerignore').split('\n')
    expect(ignored).toEqual(expect.arrayContaining(['.env*', '**/.env*', '.git', 'node_modules']))
  })
})
