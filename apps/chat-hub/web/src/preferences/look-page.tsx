import { setPreference, usePreferences, type Preferences } from './preferences.ts';

type Choices<Name extends keyof Preferences> = readonly (readonly [
  value: Preferences[Name],
  title: string,
])[];

/** How the pages look, in this browser. It holds at once. */
export function LookPage() {
  return (
    <>
      <Choice
        name="theme"
        title="Theme"
        choices={[
          ['system', 'As the system'],
          ['light', 'Light'],
          ['dark', 'Dark'],
        ]}
      />
      <Choice
        name="contrast"
        title="Contrast"
        choices={[
          ['system', 'As the system'],
          ['more', 'More'],
        ]}
      />
      <Choice
        name="density"
        title="Density"
        choices={[
          ['comfortable', 'Comfortable'],
          ['compact', 'Compact'],
        ]}
      />
      <Choice
        name="motion"
        title="Motion"
        choices={[
          ['system', 'As the system'],
          ['reduced', 'Reduced'],
        ]}
      />
      <Choice
        name="clock"
        title="Time of day"
        choices={[
          ['system', 'As the system'],
          ['12', '2:30 PM'],
          ['24', '14:30'],
        ]}
      />
      <p className="preferences-hint">These hold for this browser.</p>
    </>
  );
}

interface ChoiceProps<Name extends keyof Preferences> {
  readonly name: Name;
  readonly title: string;
  readonly choices: Choices<Name>;
}

function Choice<Name extends keyof Preferences>({ name, title, choices }: ChoiceProps<Name>) {
  const chosen = usePreferences()[name];
  return (
    <fieldset className="segments">
      <legend>{title}</legend>
      <div>
        {choices.map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              checked={chosen === value}
              onChange={() => setPreference(name, value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
