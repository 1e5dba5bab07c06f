import type { Section } from '../catalog/index.ts'

/** The sections as options name them; said here again so that help does not load the catalog. */
export const sectionNames = ['video', 'photos', 'music', 'software', 'other'] as const satisfies Section[]
