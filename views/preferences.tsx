import { LANGUAGE_NAMES, LANGUAGES } from './copy/index.ts';
import { type DoorFrame, THEMES } from './frame.ts';

/** The switches of language and theme: one button for each choice, so that they work without a script. */
export const Preferences = ({ frame }: { frame: DoorFrame }) => (
  <form method="post" action="preferences" class="preferences">
    <input type="hidden" name="back" value={frame.path} />
    <fieldset class="choice">
      <legend class="choice-label">{frame.t.frame.language}</legend>
      <span class="segments">
        {LANGUAGES.map((language) => (
          <button
            type="submit"
            name="language"
            value={language}
            lang={language}
            aria-pressed={language === frame.language ? 'true' : 'false'}
          >
            {LANGUAGE_NAMES[language]}
          </button>
        ))}
      </span>
    </fieldset>
    <fieldset class="choice">
      <legend class="choice-label">{frame.t.frame.theme}</legend>
      <span class="segments">
        {THEMES.map((theme) => (
          <button type="submit" name="theme" value={theme} aria-pressed={theme === frame.theme ? 'true' : 'false'}>
            {frame.t.frame.themes[theme]}
          </button>
        ))}
      </span>
    </fieldset>
  </form>
);
