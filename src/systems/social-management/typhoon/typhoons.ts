import { isDeepStrictEqual } from 'node:util';
import { Refusal } from '#kernel/errors';
import type { Kernel } from '#kernel/module';
import type { Context } from '#platform/context';
import type { PassageView, Typhoon, TyphoonState, TyphoonSummary } from '../contract.ts';
import type { SocialManagementTables, TracksTable } from '../tables.ts';
import { cycloneAt, cycloneId } from './entity.ts';
import { gradeOf } from './grades.ts';
import { boxAround, boxOf } from './box.ts';
import type { Place } from './sphere.ts';
import { passage, stateAt, type State, type Track, type TrackPoint } from './track.ts';

/** What a caller may ask of the list. Seasons both included. */
export type TyphoonQuestion = {
  readonly near?: Place | undefined;
  /** Only with `near`: by the nearest that the cyclone came, between points included. */
  readonly withinKm?: number | undefined;
  readonly fromSeason?: number | undefined;
  readonly toSeason?: number | undefined;
  readonly afterSn?: string | undefined;
  readonly limit: number;
};

/** The whole book since 1945 holds 2,205; a page is cut from what is near. */
const READ_MAX = 5000;

const nameGrade = (windMs: number | null | undefined) => {
  const grade = windMs === null || windMs === undefined ? undefined : gradeOf(windMs);
  return grade && { code: grade.code, name: grade.name };
};

/** Leaves out what is undefined: a schema knows absent, not undefined. */
const trim = <T extends object>(o: T): T =>
  Object.fromEntries(Object.entries(o).filter(([, value]) => value !== undefined)) as T;

const viewState = (state: State): TyphoonState =>
  trim({
    at: state.at,
    position: [...state.position] as [number, number],
    windMs: state.windMs,
    pressureHpa: state.pressureHpa,
    grade: nameGrade(state.windMs),
  }) as TyphoonState;

const viewPassage = (points: readonly TrackPoint[], place: Place): PassageView | undefined => {
  const near = passage(points, place);
  if (!near) return undefined;
  const { nearestPoint, closest } = near;
  return {
    place: [...place],
    nearestPoint: { ...nearestPoint, position: [...nearestPoint.position] },
    closest: trim({ ...closest, position: [...closest.position] }) as PassageView['closest'],
  };
};

const viewSummary = (row: TracksTable, near: Place | undefined): TyphoonSummary =>
  trim({
    sn: row.sn,
    entity: cycloneId(row.sn),
    season: row.season,
    name: row.name ?? undefined,
    beganAt: new Date(row.began_at).toISOString(),
    endedAt: new Date(row.ended_at).toISOString(),
    windMaxMs: row.wind_max ?? undefined,
    grade: nameGrade(row.wind_max),
    points: row.points.length,
    passage: near && viewPassage(row.points, near),
  }) as TyphoonSummary;

/** Points of both, each instant once; what the newer source tells goes before. */
const mergePoints = (old: readonly TrackPoint[], fresh: readonly TrackPoint[]): TrackPoint[] => {
  const byInstant = new Map(old.map((point) => [point.at, point]));
  for (const point of fresh)
    byInstant.set(point.at, { ...byInstant.get(point.at), ...trim(point) });
  return [...byInstant.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
};

type Needs = Pick<Kernel<SocialManagementTables>, 'db' | 'clock'> & { readonly context: Context };

/** The book of tropical cyclones and their tracks. */
export const openTyphoons = ({ db, clock, context }: Needs) => {
  const find = (sn: string) =>
    db.selectFrom('tracks').selectAll().where('sn', '=', sn).executeTakeFirst();

  /**
   * Puts tracks into the book and their new or changed points into the history of the live picture. Entered again, a track
   * changes nothing. The picture is written first: should we fall between the two, entering again completes both.
   */
  const add = async (tracks: readonly Track[]): Promise<void> => {
    for (const { sn, name, points } of tracks) {
      const before = await find(sn);
      const merged = mergePoints(before?.points ?? [], points);
      const known = new Map(before?.points.map((point) => [point.at, point]));
      const fresh = merged.filter((point) => !isDeepStrictEqual(trim(point), known.get(point.at)));
      if (fresh.length === 0) continue;
      const last = merged.at(-1)!;
      // The entity ends in the state of its last point, also where an earlier one was mended.
      const written = fresh.at(-1) === last ? fresh : [...fresh, last];
      const title = name ?? before?.name ?? undefined;
      await context.write(
        written.map((point) => ({
          kind: 'append' as const,
          entity: context.toFragment(cycloneAt({ sn, name: title }, point)),
          orCreate: true,
        })),
      );
      const winds = merged.flatMap((point) => point.windMs ?? []);
      const row = {
        season: Number(sn.slice(0, 4)),
        name: title ?? null,
        began_at: merged[0]!.at,
        ended_at: last.at,
        wind_max: winds.length > 0 ? Math.max(...winds) : null,
        ...boxOf(merged.map((point) => point.position)),
        points: JSON.stringify(merged) as unknown as readonly TrackPoint[],
        changed_at: clock.now().toISOString(),
      };
      await db
        .insertInto('tracks')
        .values({ sn, ...row })
        .onConflict((conflict) => conflict.column('sn').doUpdateSet(row))
        .execute();
    }
  };

  /** In order of season and number. */
  const list = async (question: TyphoonQuestion): Promise<TyphoonSummary[]> => {
    const { near, withinKm, fromSeason, toSeason, afterSn, limit } = question;
    let query = db.selectFrom('tracks').selectAll().orderBy('sn').limit(READ_MAX);
    if (fromSeason !== undefined) query = query.where('season', '>=', fromSeason);
    if (toSeason !== undefined) query = query.where('season', '<=', toSeason);
    if (afterSn !== undefined) query = query.where('sn', '>', afterSn);
    if (!near || withinKm === undefined) query = query.limit(limit);
    if (near && withinKm !== undefined) {
      const { west, south, east, north } = boxAround(near, withinKm);
      query = query.where('south', '<=', north).where('north', '>=', south);
      query = query.where('west', '<=', east).where('east', '>=', west);
    }
    const rows = await query.execute();
    const found: TyphoonSummary[] = [];
    for (const row of rows) {
      if (found.length >= limit) break;
      const summary = viewSummary(row, near);
      if (
        withinKm === undefined ||
        !near ||
        (summary.passage && summary.passage.closest.km <= withinKm)
      )
        found.push(summary);
    }
    return found;
  };

  const getRow = async (sn: string): Promise<TracksTable> => {
    const row = await find(sn);
    if (!row) throw new Refusal('not-found', `There is no typhoon ${sn} in the book.`, { sn });
    return row;
  };

  const get = async (sn: string, near?: Place): Promise<Typhoon> => {
    const row = await getRow(sn);
    return {
      ...viewSummary(row, near),
      track: row.points.map((point) =>
        trim({ ...viewState(point), radii: point.radii?.map(trim) }),
      ) as Typhoon['track'],
    };
  };

  /** Where it was at an instant (ms), for a replay. Throws Refusal('not-found') before, after and across gaps. */
  const getState = async (sn: string, at: number): Promise<TyphoonState> => {
    const { points } = await getRow(sn);
    const state = stateAt(points, at);
    if (!state)
      throw new Refusal(
        'not-found',
        `Nothing is known of typhoon ${sn} at ${new Date(at).toISOString()}.`,
        { sn },
      );
    return viewState(state);
  };

  return { add, list, get, getState };
};
export type Typhoons = ReturnType<typeof openTyphoons>;
