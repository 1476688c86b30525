/** The page of an entity. */
export const entityPage = (id: string): string => `/city/entities/${encodeURIComponent(id)}`;
