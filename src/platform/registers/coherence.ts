import { findUnit } from '#kernel/units';
import { isDay } from './days.ts';
import type { CityProfile } from './profile.ts';

const repeated = (ids: readonly string[]) => ids.filter((id, i) => ids.indexOf(id) !== i);

/** Faults that no single file shows: names that lead nowhere, doubles, dates that are none. */
export const faultsAcross = (p: CityProfile): string[] => [
  ...calendarFaults(p),
  ...districtFaults(p),
  ...bodyFaults(p),
  ...programmeFaults(p),
  ...demonstrationFaults(p),
];

const calendarFaults = ({ years, rules, city }: CityProfile) => {
  const faults: string[] = [];
  for (const { year, daysOff, workedWeekendDays } of years) {
    const at = `calendar/${year}.json`;
    daysOff.forEach(({ from, to }, i) => {
      if (!isDay(from) || !isDay(to) || from > to)
        faults.push(`${at} at /daysOff/${i}: ${from} to ${to} is no period.`);
    });
    for (const day of workedWeekendDays) {
      if (!isDay(day)) faults.push(`${at} at /workedWeekendDays: ${day} is no day.`);
      if (daysOff.some(({ from, to }) => day >= from && day <= to))
        faults.push(`${at} at /workedWeekendDays: ${day} is also a day off.`);
    }
  }
  for (const hours of [rules.workingHours, ...Object.values(rules.workingHoursOf)])
    if (hours.some(({ from, to }, i) => from >= to || (hours[i - 1]?.to ?? '') > from))
      faults.push('calendar/rules.json: working hours must be in order and must not overlap.');
  try {
    Intl.DateTimeFormat('en', { timeZone: city.timeZone });
  } catch {
    faults.push(`city.json at /timeZone: ${city.timeZone} is no time zone.`);
  }
  return faults;
};

const districtFaults = ({ districts }: CityProfile) =>
  districts.flatMap((d, i) =>
    districts
      .slice(i + 1)
      .filter(
        (e) =>
          (e.code === d.code || e.id === d.id) &&
          (d.validFrom ?? '') < (e.validTo ?? '9999') &&
          (e.validFrom ?? '') < (d.validTo ?? '9999'),
      )
      .map((e) => `districts.json at /${i}: ${d.id} ${d.code} overlaps ${e.id} ${e.code} in time.`),
  );

const bodyFaults = ({ bodies, districts, plan, targets }: CityProfile) => {
  const ids = new Set(bodies.map((b) => b.id));
  const rows = new Set([...plan.rows, ...targets].map((row) => row.id));
  const faults = repeated(bodies.map((b) => b.id)).map((id) => `bodies.json: ${id} stands twice.`);
  bodies.forEach((body, i) => {
    for (const other of [...(body.parent ? [body.parent] : []), ...(body.succeededBy ?? [])])
      if (!ids.has(other)) faults.push(`bodies.json at /${i}: there is no body ${other}.`);
    if (body.district && !districts.some((d) => d.id === body.district))
      faults.push(`bodies.json at /${i}/district: there is no district ${body.district}.`);
    for (const clause of body.clauses)
      if (!rows.has(clause))
        faults.push(`bodies.json at /${i}/clauses: the plan has no ${clause}.`);
  });
  return faults;
};

const programmeFaults = ({ plan, targets }: CityProfile) => {
  const rows = plan.rows.map((row) => row.id);
  const faults = [
    ...repeated(rows).map((id) => `plan.json: ${id} stands twice.`),
    ...repeated(plan.groups.map((g) => g.id)).map((id) => `plan.json: group ${id} stands twice.`),
    ...repeated(targets.map((t) => t.id)).map((id) => `targets.json: ${id} stands twice.`),
  ];
  for (const group of plan.groups)
    if (!plan.parts.some((part) => part.id === group.part))
      faults.push(`plan.json: group ${group.id} is of a part ${group.part} that is not there.`);
  for (const row of plan.rows)
    if (!plan.groups.some((group) => group.id === row.group))
      faults.push(`plan.json: row ${row.id} is of a group ${row.group} that is not there.`);
  for (const target of targets)
    for (const id of target.rows)
      if (!rows.includes(id))
        faults.push(`targets.json: ${target.id} measures ${id}, which the plan has not.`);
  return faults;
};

const demonstrationFaults = ({ demonstration, bodies, districts, plan }: CityProfile) => {
  const at = 'demo/devices.json';
  const { kinds, routes, devices } = demonstration;
  const faults = repeated(devices.map((d) => d.id)).map((id) => `${at}: ${id} stands twice.`);
  for (const [name, kind] of Object.entries(kinds)) {
    if (!plan.groups.some((group) => group.id === kind.group))
      faults.push(`${at}: kind ${name} is of a group ${kind.group} that the plan has not.`);
    for (const { attribute, unit, behaviour } of kind.quantities) {
      if (unit !== undefined && !findUnit(unit))
        faults.push(`${at}: kind ${name} gives ${attribute} in ${unit}, which is no known unit.`);
      if (behaviour.kind === 'state' && behaviour.values.length !== behaviour.weights.length)
        faults.push(`${at}: kind ${name} needs one weight for each value of ${attribute}.`);
    }
  }
  for (const d of devices) {
    if (!Object.hasOwn(kinds, d.kind)) faults.push(`${at}: ${d.id} is of no kind ${d.kind}.`);
    if (!districts.some((e) => e.id === d.district && e.validTo === undefined))
      faults.push(`${at}: ${d.id} stands in no district of today called ${d.district}.`);
    if (!bodies.some((b) => b.id === d.owner))
      faults.push(`${at}: ${d.id} is owned by ${d.owner}, which is no body.`);
    if (d.movement && !Object.hasOwn(routes, d.movement.route))
      faults.push(`${at}: ${d.id} moves on no route ${d.movement.route}.`);
  }
  return faults;
};
