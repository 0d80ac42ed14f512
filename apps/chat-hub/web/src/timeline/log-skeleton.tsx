const widths = [62, 38, 80, 54, 70, 30];

/** What is seen until the first messages are here. */
export function LogSkeleton() {
  return (
    <div className="log-skeleton" aria-busy="true" role="status">
      <span className="quiet">Messages are being brought</span>
      {widths.map((width) => (
        <div key={width} className="skeleton-row" aria-hidden>
          <span className="skeleton-face" />
          <span className="skeleton-lines">
            <span style={{ inlineSize: '7rem' }} />
            <span style={{ inlineSize: `${width}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}
