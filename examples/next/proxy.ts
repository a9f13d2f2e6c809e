import type { NextRequest } from 'next/server'
import { auth0 } from './auth0'

/** Mounts `/auth/login`, `/auth/callback` and `/auth/logout`. */
export const proxy = (request: NextRequest) => auth0.middleware(request)

export const config = { matcher: ['/((?!_next/static|_next/image).*)'] }
