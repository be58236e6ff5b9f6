import { registry } from "@web/core/registry";

/** Odoo waits 10 seconds for a step: too short for a machine that has other work. */
const STEP_MS = 30000;

/**
 * A tour whose steps have time.
 *
 * @param {string} name
 * @param {Object} tour as the registry of tours takes it
 */
export function addTour(name, tour) {
    registry.category("web_tour.tours").add(name, {
        ...tour,
        steps: () => tour.steps().map((step) => ({ timeout: STEP_MS, ...step })),
    });
}
