import { Button, Select } from 'antd';
import { uiWords } from '../text/words.ts';
import { PAGE_SIZES, type View } from './columns.ts';

type Props = {
  /** The table's own label. */
  readonly of: string;
  readonly view: View;
  readonly total: number | undefined;
  readonly shown: number;
  readonly onView: (view: View) => void;
};

/** Where we are among the rows, and the steps from here. */
export function Pager({ of, view, total, shown, onView }: Props) {
  const say = uiWords.useText();
  const from = shown === 0 ? 0 : (view.page - 1) * view.size + 1;
  const to = from === 0 ? 0 : from + shown - 1;
  const last = total === undefined ? shown < view.size : to >= total;
  return (
    <nav className="sj-pager" aria-label={`${of}: ${say('paging')}`}>
      <output className="sj-soft">
        {total === undefined
          ? say('rowsRangeOpen', { from, to })
          : say('rowsRange', { from, to, total })}
      </output>
      <Select
        size="small"
        aria-label={say('pageSize')}
        value={view.size}
        onChange={(size) => onView({ ...view, size, page: 1 })}
        options={PAGE_SIZES.map((size) => ({
          value: size,
          label: say('perPage', { count: size }),
        }))}
      />
      <Button
        size="small"
        aria-label={say('previous')}
        disabled={view.page <= 1}
        onClick={() => onView({ ...view, page: view.page - 1 })}
      >
        ‹
      </Button>
      <Button
        size="small"
        aria-label={say('next')}
        disabled={last}
        onClick={() => onView({ ...view, page: view.page + 1 })}
      >
        ›
      </Button>
    </nav>
  );
}
