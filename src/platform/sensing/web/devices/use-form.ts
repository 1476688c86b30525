import { useMemo } from 'react';
import { useApi, type FormSchema } from '#platform/ui/web';
import { api, useNames, type KeptMapping } from '../api.ts';
import { formOf } from './device-form.ts';

type Contract = {
  readonly paths: Readonly<
    Record<string, { post?: { requestBody?: { content: Record<string, { schema: FormSchema }> } } }>
  >;
};

/** The form of a device, made of the contract that the server itself publishes; undefined until it is here. */
export function useDeviceForm() {
  const names = useNames();
  const contract = useApi<Contract>(api.contract());
  const { data } = useApi<{ mappings: readonly KeptMapping[] }>(api.mappings());
  const schema = useMemo(() => {
    const post = contract.data?.paths[api.devices()]?.post;
    const body = post?.requestBody?.content['application/json'];
    return body && data && formOf(body.schema, names, data.mappings);
  }, [contract.data, data, names]);
  // What is being typed is not taken away because the contract could not be fetched once more.
  return {
    schema,
    error: schema ? undefined : contract.error,
    retry: () => void contract.refetch(),
  };
}
