/* SPDX-License-Identifier: Apache-2.0 */
/** The recorder with everything around it simulated, so that a seed decides what happens; see docs/design/2026-11-simulation.md. */
package dev.traversion.snapshotter.simulation;
