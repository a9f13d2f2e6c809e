/**
 * Images of a brand: which media types may be shown, and how.
 * @module
 */
import 'server-only'
import { createHash } from 'node:crypto'

/** Longest data URI that is put into a page, in characters. It keeps a login page within the first packets of a response. */
const MAX_INLINE_LENGTH = 4_096
/** How many bytes of a document are searched for the root element of an SVG. */
const SVG_HEAD_BYTES = 4_096

/** An image as it was fetched. */
export interface BrandImage {
  /** The media type. {@link isImageType} accepts it. */
  type: string
  bytes: Buffer
}

const startsWith = (bytes: Buffer, text: string, at = 0) =>
  bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'))

/** For each media type, a check of the first bytes. */
const SIGNATURES: Record<string, (bytes: Buffer) => boolean> = {
  'image/png': (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n'),
  'image/jpeg': (bytes) => startsWith(bytes, '\xff\xd8\xff'),
  'image/gif': (bytes) => startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a'),
  'image/webp': (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8),
  'image/svg+xml': isSvg,
}

/** Whether we show images of a media type. */
export const isImageType = (type: string): boolean => Object.hasOwn(SIGNATURES, type)

/** Whether an image's bytes match its media type. */
export const isOfType = ({ type, bytes }: BrandImage): boolean => SIGNATURES[type]?.(bytes) ?? false

/**
 * Whether a document is an SVG: its root element, after an XML declaration, comments and a document type, is `svg`. These are
 * removed one after the other, because an attacker could make a single regular expression for all of them very slow.
 */
function isSvg(bytes: Buffer): boolean {
  let rest = bytes
    .subarray(0, SVG_HEAD_BYTES)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  for (const [start, end] of PROLOGUE)
    while (rest.startsWith(start)) {
      const at = rest.indexOf(end)
      if (at < 0) return false
      rest = rest.slice(at + end.length).trimStart()
    }
  return /^<svg[\s>/]/.test(rest)
}

const PROLOGUE = [
  ['<?xml', '?>'],
  ['<!--', '-->'],
  ['<!DOCTYPE svg', '>'],
  ['<!--', '-->'],
] as const

/** The image as a data URI; undefined if the data URI is too long for a page. */
export function toDataUri({ type, bytes }: BrandImage): string | undefined {
  const uri = `data:${type};base64,${bytes.toString('base64')}`
  return uri.length <= MAX_INLINE_LENGTH ? uri : undefined
}

/** Names an image by its content: 32 hexadecimal digits. */
export const hashOf = ({ type, bytes }: BrandImage): string =>
  createHash('sha256').update(type).update(bytes).digest('hex').slice(0, 32)
