import { RULES } from "./rules/index.js";

/** The rules in force, as an operator sees them. */
export const listRules = () => ({
  rules: RULES.map(({ id, title, description, level, tags, falsepositives }) => ({
    id,
    title,
    description,
    level,
    tags: [...tags],
    falsepositives: [...falsepositives],
  })),
});
