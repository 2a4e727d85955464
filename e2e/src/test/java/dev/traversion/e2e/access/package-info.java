/* SPDX-License-Identifier: Apache-2.0 */
/** Who may read the past: a real API server decides, a real recording is served, and all of it is on record. */
package dev.traversion.e2e.access;
