/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

/** How a version came to be. Stored by name. */
public enum Operation {
    ADDED,
    MODIFIED,
    DELETED
}
