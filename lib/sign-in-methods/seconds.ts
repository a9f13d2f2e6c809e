import 'server-only'
import { z } from 'zod'

/** Seconds since the epoch, up to the last one that a Date can hold. */
export const EpochSeconds = z.number().int().positive().max(8.64e12)

/** The current time, in seconds since the epoch. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000)
