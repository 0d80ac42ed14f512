import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf } from '../../hub/problem.ts';
import { hashOf } from '../../shell/place.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Chip } from '../parts/chip.tsx';
import { Waiting } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { Chart } from './chart.tsx';
import { charts } from './charts.ts';
import type { Figures } from './figures.ts';
import { FigureTable } from './figure-table.tsx';
import { spanText } from './units.ts';
import { useFigures } from './use-figures.ts';
import './overview.css';

/** How the hub does, now. */
export function OverviewPage() {
  const [paused, setPaused] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const { nodes, error } = useFigures(paused);
  const name = chosen ?? nodes.keys().next().value ?? '';
  const node = nodes.get(name);
  return (
    <>
      <PageHead
        title="Overview"
        about="How the hub does now, as the node tells that answers. It is asked every three seconds while you look."
      >
        {nodes.size > 1 && (
          <SelectField
            label="Node"
            value={name}
            onChange={(event) => setChosen(event.target.value)}
            choices={[...nodes.keys()].map((value) => ({ value, label: value }))}
          />
        )}
        <Button onClick={() => setPaused(!paused)}>
          {paused ? <Play aria-hidden size={15} /> : <Pause aria-hidden size={15} />}
          {paused ? 'Go on' : 'Pause'}
        </Button>
      </PageHead>
      {error !== undefined && (
        <div className="overview-error">
          <Notice>
            {node === undefined ? 'The figures could not be read' : 'There is nothing newer just now'}:{' '}
            {sentenceOf(error)}. It is tried again by itself.
          </Notice>
        </div>
      )}
      {node === undefined && error === undefined && <Waiting lines={6} />}
      {node !== undefined && (
        <>
          <Standing figures={node.latest} />
          <div className="charts">
            {charts.map((kind) => (
              <Chart key={kind.title} kind={kind} points={node.points} />
            ))}
          </div>
          <details className="overview-table">
            <summary>The same as a table</summary>
            <FigureTable points={node.points} />
          </details>
        </>
      )}
    </>
  );
}

/** What is no curve: whether all is as it should be. */
function Standing({ figures }: { readonly figures: Figures }) {
  const { node, nodes, startedAt, steady, denied, unsealedSeconds } = figures;
  const late = unsealedSeconds > 60;
  return (
    <dl className="standing">
      <div>
        <dt>Node</dt>
        <dd>
          <span className="code">{node}</span>
          {nodes > 1 && <span className="soft"> of {nodes}</span>}
        </dd>
      </div>
      <div>
        <dt>Running for</dt>
        <dd>{spanText(Date.now() / 1_000 - startedAt)}</dd>
      </div>
      {(nodes > 1 || !steady) && (
        <div>
          <dt>Other nodes</dt>
          <dd>
            {steady ? (
              <Chip tone="good">Heard at once</Chip>
            ) : (
              <Chip tone="warn">Not heard: logs are polled</Chip>
            )}
          </dd>
        </div>
      )}
      <div>
        <dt>Audit log</dt>
        <dd>{late ? <Chip tone="bad">Sealing stands still</Chip> : <Chip tone="good">Sealed</Chip>}</dd>
      </div>
      <div>
        <dt>Refused by limits</dt>
        <dd>
          <a href={hashOf({ view: 'admin', page: 'limits' })}>{denied.toLocaleString()}</a>
        </dd>
      </div>
    </dl>
  );
}
