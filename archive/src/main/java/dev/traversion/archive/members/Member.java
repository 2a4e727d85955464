/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

/**
 * A member as another one sees it.
 *
 * @param beat the newest one
 */
public record Member(MemberId id, Beat beat) {}
