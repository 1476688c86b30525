import { paths, pick, useApi, useLanguage, type Bilingual } from '#platform/ui/web';

type Register = { readonly items: readonly { readonly id: string; readonly name: Bilingual }[] };

/** Where the value of an attribute is the id of something in the city's registers. */
const REGISTER_OF: Readonly<Record<string, 'bodies' | 'districts'>> = {
  owner: 'bodies',
  district: 'districts',
};

/** What the registers call the value of an attribute; undefined where it is no id of theirs. */
export function useRegisterName(): (attribute: string, value: unknown) => string | undefined {
  const language = useLanguage();
  const bodies = useApi<Register>('/api/registers/bodies');
  const districts = useApi<Register>(paths.api.districts());
  const registers = { bodies: bodies.data, districts: districts.data };
  return (attribute, value) => {
    const register = REGISTER_OF[attribute];
    const found = register && registers[register]?.items.find(({ id }) => id === value);
    return found && pick(found.name, language, found.id);
  };
}
