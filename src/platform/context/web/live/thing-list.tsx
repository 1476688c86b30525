import {
  Age,
  DataTable,
  DemoTag,
  Empty,
  useLanguage,
  usePick,
  useTypeName,
} from '#platform/ui/web';
import { contextWords } from '../words.ts';
import type { District } from './district-of.ts';
import type { CitySystem } from './systems.ts';
import { nameOf, type Thing } from './things.ts';

type Props = {
  readonly things: readonly Thing[] | undefined;
  readonly systems: readonly CitySystem[];
  readonly districts: readonly District[];
  readonly onOpen: (id: string) => void;
};

/** The same things as a table, for keyboards and screen readers and for sorting. */
export function ThingList({ things, systems, districts, onOpen }: Props) {
  const say = contextWords.useText();
  const language = useLanguage();
  const pick = usePick();
  const typeName = useTypeName();
  const systemName = new Map(systems.map(({ id, name }) => [id, `${id} ${pick(name)}`]));
  const districtName = new Map(districts.map(({ id, name }) => [id, pick(name)]));
  return (
    <DataTable<Thing>
      label={say('liveTitle')}
      rows={things}
      rowKey={({ feature }) => feature.id}
      onOpen={({ feature }) => onOpen(feature.id)}
      empty={<Empty title={say('nothingShown')}>{say('nothingShownHint')}</Empty>}
      columns={[
        {
          key: 'name',
          title: say('name'),
          sortable: true,
          value: ({ feature }) => nameOf(feature, language) ?? feature.id,
          render: ({ feature }) => (
            <span className="sj-city-name">{nameOf(feature, language) ?? shortId(feature.id)}</span>
          ),
        },
        {
          key: 'type',
          title: say('type'),
          sortable: true,
          value: ({ feature }) => typeName(feature.properties.type),
        },
        {
          key: 'system',
          title: say('system'),
          sortable: true,
          value: ({ system }) => systemName.get(system),
        },
        {
          key: 'district',
          title: say('district'),
          sortable: true,
          value: ({ district }) => districtName.get(district),
        },
        {
          key: 'changed',
          title: say('changed'),
          sortable: true,
          value: ({ feature }) => new Date(feature.properties.modifiedAt),
          render: ({ feature }) => <Age at={feature.properties.modifiedAt} />,
        },
        {
          key: 'demo',
          title: say('origin'),
          sortable: true,
          value: ({ feature }) => say(feature.properties.demo ? 'originDemo' : 'originReal'),
          render: ({ feature }) =>
            feature.properties.demo ? <DemoTag /> : <span>{say('originReal')}</span>,
        },
      ]}
    />
  );
}

/** The end of a URN, which tells things apart. */
function shortId(id: string): string {
  return id.replace(/^urn:ngsi-ld:/i, '');
}
