export const dynamic = 'force-dynamic'

/** A route handler with no work. */
export const GET = () => new Response(null, { status: 303, headers: { location: '/' } })
