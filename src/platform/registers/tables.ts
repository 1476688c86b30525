import type { ColumnType } from 'kysely';

export type RegistersTables = {
  boundaries: {
    code: string;
    /** PostGIS geometry; read and written by SQL functions only. */
    area: string;
    source: string;
    imported_at: ColumnType<Date, string>;
  };
};
