export type Labels = Readonly<Record<string, string>>;

/** One value, or one for each set of labels. */
export type Reading = number | readonly (readonly [labels: Labels, value: number])[];

type Type = 'counter' | 'gauge' | 'histogram';

interface Series {
  readonly help: string;
  readonly type: Type;
  readonly lines: (name: string) => string[];
}

/** What the hub tells Prometheus. Any part adds what it knows; values are read when somebody asks. */
export class Metrics {
  readonly #series = new Map<string, Series>();

  /** What goes up and down. */
  gauge(name: string, help: string, read: () => Reading): void {
    this.#add(name, { help, type: 'gauge', lines: () => linesOf(name, read()) });
  }

  /** What only goes up, and is counted by somebody else. */
  total(name: string, help: string, read: () => Reading): void {
    this.#add(name, { help, type: 'counter', lines: () => linesOf(name, read()) });
  }

  /** What only goes up. */
  counter(name: string, help: string): (labels?: Labels, by?: number) => void {
    const counts = new Map<string, number>();
    const lines = (): string[] => [...counts].map(([labels, value]) => `${name}${labels} ${value}`);
    this.#add(name, { help, type: 'counter', lines });
    return (labels = {}, by = 1) => {
      const key = labelText(labels);
      counts.set(key, (counts.get(key) ?? 0) + by);
    };
  }

  /** How values are distributed. @param bounds upper ones, ascending */
  histogram(name: string, help: string, bounds: readonly number[]): (labels: Labels, value: number) => void {
    const counts = new Map<string, Distribution>();
    this.#add(name, {
      help,
      type: 'histogram',
      lines: () => [...counts.values()].flatMap((counted) => distributionLines(name, bounds, counted)),
    });
    return (labels, value) => {
      const key = labelText(labels);
      let counted = counts.get(key);
      if (counted === undefined) {
        counted = { labels, buckets: bounds.map(() => 0), count: 0, sum: 0 };
        counts.set(key, counted);
      }
      const bucket = bounds.findIndex((bound) => value <= bound);
      if (bucket >= 0) counted.buckets[bucket] = (counted.buckets[bucket] ?? 0) + 1;
      counted.count += 1;
      counted.sum += value;
    };
  }

  /** The text format of Prometheus, version 0.0.4. A part that fails to tell leaves out its own lines only. */
  text(): string {
    const parts: string[] = [];
    for (const [name, { help, type, lines }] of this.#series) {
      try {
        parts.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines(name));
      } catch {
        continue;
      }
    }
    return `${parts.join('\n')}\n`;
  }

  #add(name: string, series: Series): void {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError(`${name} is no name of a metric`);
    if (this.#series.has(name)) throw new TypeError(`there is a metric ${name} already`);
    this.#series.set(name, series);
  }
}

interface Distribution {
  readonly labels: Labels;
  /** Of each bucket alone; they are summed up when they are told. */
  readonly buckets: number[];
  count: number;
  sum: number;
}

function distributionLines(name: string, bounds: readonly number[], counted: Distribution): string[] {
  const { labels, buckets, count, sum } = counted;
  let below = 0;
  const told = bounds.map((bound, i) => {
    below += buckets[i] ?? 0;
    return `${name}_bucket${labelText({ ...labels, le: String(bound) })} ${below}`;
  });
  const all = labelText(labels);
  return [
    ...told,
    `${name}_bucket${labelText({ ...labels, le: '+Inf' })} ${count}`,
    `${name}_sum${all} ${sum}`,
    `${name}_count${all} ${count}`,
  ];
}

function linesOf(name: string, reading: Reading): string[] {
  if (typeof reading === 'number') return [`${name} ${reading}`];
  return reading.map(([labels, value]) => `${name}${labelText(labels)} ${value}`);
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
