/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

/** What becomes of the recorded data when a {@link Recording} is deleted. */
public enum DeletionPolicy {
    Keep,
    Delete
}
