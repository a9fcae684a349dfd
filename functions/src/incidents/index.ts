/** Incidents hang on detection's findings (topic `risk-assessed`): no domain calls them. */
export type { Incident, IncidentState } from "./incident.js";
