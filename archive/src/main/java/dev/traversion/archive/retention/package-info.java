/* SPDX-License-Identifier: Apache-2.0 */
/** Forgetting: which parts a recording lets go of, and what is pinned. */
package dev.traversion.archive.retention;
