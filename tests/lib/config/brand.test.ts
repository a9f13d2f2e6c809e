import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { readLogo, textColorOn } from '@/lib/config/brand'

describe('textColorOn', () => {
  it.each([
    ['#000000', '#ffffff'],
    ['#1f4e79', '#ffffff'],
    ['#ffffff', '#000000'],
    ['#ffdd00', '#000000'],
  ])('uses on %s the text color %s', (color, expected) => {
    expect(textColorOn(color)).toBe(expected)
  })
})

/** A project folder with one file below `public/`. It is the working directory until the test ends. */
function aProject(name: string, content: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'brand-'))
  mkdirSync(join(folder, 'public', 'images'), { recursive: true })
  writeFileSync(join(folder, 'public', name), content)
  vi.spyOn(process, 'cwd').mockReturnValue(folder)
  onTestFinished(() => rmSync(folder, { recursive: true }))
}

describe('readLogo', () => {
  it('returns a data URI unchanged', () => {
    expect(readLogo('data:image/svg+xml,%3Csvg/%3E')).toEqual({ dataUri: 'data:image/svg+xml,%3Csvg/%3E' })
  })

  it.each([
    ['logo.svg', 'image/svg+xml'],
    ['/logo.png', 'image/png'],
    ['images/logo.v2.webp', 'image/webp'],
    ['images/logo.jpg', 'image/jpeg'],
  ])('inlines the file %s below public/', (path, type) => {
    aProject(path.replace(/^\//, ''), 'image')
    expect(readLogo(path)).toEqual({ dataUri: `data:${type};base64,aW1hZ2U=` })
  })

  it.each(['logo.txt', 'logo', 'other.svg', '../logo.svg'])('does not read %s', (path) => {
    aProject('logo.svg', 'image')
    expect(readLogo(path)).toEqual({ problem: expect.stringMatching(/^must be a data URI or an svg/) })
  })
})
