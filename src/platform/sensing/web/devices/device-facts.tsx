import type { ReactNode } from 'react';
import {
  Age,
  formatNumber,
  formatTime,
  PageLink,
  paths,
  useLanguage,
  usePick,
  useTypeName,
} from '#platform/ui/web';
import { pageOf, useNames, type Device } from '../api.ts';
import { useClassName } from './classes.ts';
import { devicesWords } from './words.ts';

const PLACE_DIGITS = 5; // a metre

/** What the register says of a device. */
export function DeviceFacts({ device }: { device: Device }) {
  const say = devicesWords.useText();
  const pick = usePick();
  const language = useLanguage();
  const typeName = useTypeName();
  const className = useClassName();
  const { districts, bodies } = useNames();
  const called = (items: typeof districts, id: string | undefined) =>
    id && pick(items.find((one) => one.id === id)?.name, id);
  const time = (at: string | undefined) => at && formatTime(at, language);
  const degrees = (value: number) => formatNumber(value, language, PLACE_DIGITS);
  const { location, expectedSeconds } = device;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [say('lastSeen'), <Age key="seen" at={device.lastSeenAt} />],
    [say('messages'), formatNumber(device.messages, language)],
    [say('refused'), formatNumber(device.refused, language)],
    [say('class'), `${className(device.class)} (${device.class})`],
    [say('owner'), called(bodies, device.owner)],
    [say('district'), called(districts, device.district)],
    [say('system'), device.system],
    [say('expected'), expectedSeconds && say('seconds', { count: expectedSeconds })],
    [
      say('entity'),
      <PageLink key="entity" to={pageOf.entity(device.entity)}>
        {device.entity}
      </PageLink>,
    ],
    [say('entityType'), typeName(device.entityType)],
    [
      say('location'),
      location && (
        <>
          {degrees(location.lon)}, {degrees(location.lat)}
          <div>
            <PageLink to={paths.city({ entity: device.entity })}>{say('seeMap')}</PageLink>
          </div>
        </>
      ),
    ],
    [say('created'), time(device.createdAt)],
  ];
  const rare = (
    [
      ['silentSince', device.silentSince],
      ['expires', device.expiresAt],
      ['revokedAt', device.revokedAt],
    ] as const
  ).flatMap(([key, at]) => (at ? [[say(key), time(at)] as const] : []));
  return (
    <section className="sj-card" aria-labelledby="facts">
      <h2 id="facts">{say('facts')}</h2>
      <dl className="sj-device-facts">
        {[...facts, ...rare].map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value || <span className="sj-soft">{say('none')}</span>}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
