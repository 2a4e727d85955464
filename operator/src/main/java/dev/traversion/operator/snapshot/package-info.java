/* SPDX-License-Identifier: Apache-2.0 */
/** Snapshot: a moment of a recording that is kept, and what it holds. */
package dev.traversion.operator.snapshot;
