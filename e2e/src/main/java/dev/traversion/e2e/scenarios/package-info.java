/* SPDX-License-Identifier: Apache-2.0 */
/** Faults with known causes, played on a real cluster, and what "why" says about them. */
package dev.traversion.e2e.scenarios;
