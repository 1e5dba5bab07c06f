import type { HtmlEscapedString } from 'hono/utils/html'

/** A piece of a page in which what came from outside has been escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>
