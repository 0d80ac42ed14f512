export interface AdminViewProps {
  readonly page: string | undefined;
  readonly onMenu: () => void;
}

/** What who runs the workspace does. */
export function AdminView({ page }: AdminViewProps) {
  return (
    <main id="main" className="main" tabIndex={-1}>
      <h2>Administration {page}</h2>
    </main>
  );
}
